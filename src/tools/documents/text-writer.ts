import { headOf } from "#base/texts/cut-text.ts";

/** Collects the text of a document up to a number of characters. */
export class TextWriter {
  readonly #parts: string[] = [];
  #room: number;

  constructor(maxChars: number) {
    this.#room = maxChars;
  }

  get isFull(): boolean {
    return this.#room <= 0;
  }

  /** The number of characters that still fit. */
  get room(): number {
    return Math.max(0, this.#room);
  }

  add(text: string): void {
    if (this.isFull) return;
    const kept = text.length > this.#room ? headOf(text, this.#room) : text;
    this.#parts.push(kept);
    this.#room -= text.length;
  }

  /** Adds a part with its heading, such as a page. */
  addPart(heading: string, text: string): void {
    this.add(`${this.#parts.length === 0 ? "" : "\n\n"}## ${heading}\n\n${text.trim()}`);
  }

  toString(): string {
    return this.#parts.join("").toWellFormed();
  }
}
