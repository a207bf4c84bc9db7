const KEPT_CHARS = 8_000;
const SHOWN_CHARS = 300;
/** What programs write when they cannot start. Stack traces and versions follow it. */
const COMPLAINT = /error|cannot|can't|not found|no such|denied|failed|missing|usage/i;

/** Keeps the end of what a process writes to its standard error, and finds in it why the process ended. */
export class LastWords {
  #text = "";

  add(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT_CHARS);
  }

  /** Returns the first line that complains, or else the last line. Empty if the process wrote nothing. */
  get text(): string {
    const lines = this.#text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    return (lines.find((line) => COMPLAINT.test(line)) ?? lines.at(-1) ?? "").slice(0, SHOWN_CHARS).toWellFormed();
  }
}
