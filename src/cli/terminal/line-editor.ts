import { createInterface } from "node:readline";
import { PasteFilter } from "#cli/terminal/paste-filter.ts";
import type { Terminal } from "#cli/terminal/terminal.ts";

export type Line =
  | { readonly kind: "text"; readonly text: string }
  /** Ctrl-C on an empty line. */
  | { readonly kind: "interrupted" }
  /** Ctrl-D, or the terminal is gone. */
  | { readonly kind: "ended" };

const PASTE_ON = "\u001b[?2004h";
const PASTE_OFF = "\u001b[?2004l";

/** Reads lines that a person edits. What is pasted stays one message, however many lines it has. */
export class LineEditor {
  readonly #terminal: Terminal;
  #history: string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Reads a line. Between two calls the terminal is as usual, so that Ctrl-C is a signal. */
  async read(prompt: string): Promise<Line> {
    const { input, screen } = this.#terminal;
    const filter = new PasteFilter(input);
    const lines = createInterface({
      input: filter,
      output: screen,
      terminal: true,
      history: [...this.#history],
      prompt,
    });
    lines.on("history", (history: string[]) => {
      this.#history = history;
    });
    const { promise, resolve } = Promise.withResolvers<Line>();
    lines.on("line", (text) => resolve({ kind: "text", text: filter.restore(text) }));
    lines.on("close", () => resolve({ kind: "ended" }));
    lines.on("SIGINT", () => {
      if (lines.line === "") return resolve({ kind: "interrupted" });
      lines.write(null, { ctrl: true, name: "e" });
      lines.write(null, { ctrl: true, name: "u" });
    });
    screen.write(PASTE_ON);
    lines.prompt();
    const line = await promise;
    lines.close();
    filter.release();
    screen.write(PASTE_OFF + (line.kind === "text" ? "" : "\n"));
    return line;
  }
}
