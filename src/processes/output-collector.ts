import { headOf, tailOf } from "#base/cut-text.ts";

const HEAD_SHARE = 0.7;

/** Keeps the beginning and the end of output of any length, within a fixed amount of memory. */
export class OutputCollector {
  readonly #headChars: number;
  readonly #tailChars: number;
  #head = "";
  #tail = "";
  #total = 0;

  /** `chars` is what is kept of it at most. */
  constructor(chars: number) {
    this.#headChars = Math.floor(chars * HEAD_SHARE);
    this.#tailChars = chars - this.#headChars;
  }

  add(text: string): void {
    this.#total += text.length;
    const room = this.#tail === "" ? this.#headChars - this.#head.length : 0;
    const head = headOf(text, room);
    this.#head += head;
    this.#tail += text.slice(head.length);
    // Not at every piece, so that many small ones are not copied again and again. One more shows a torn character.
    if (this.#tail.length > 2 * this.#tailChars) this.#tail = this.#tail.slice(-(this.#tailChars + 1));
  }

  get text(): string {
    if (this.#total - this.#head.length <= this.#tailChars) return this.#head + this.#tail;
    const tail = tailOf(this.#tail, this.#tailChars);
    const left = this.#total - this.#head.length - tail.length;
    return `${this.#head}\n[… ${left} characters left out; write long output to a file …]\n${tail}`;
  }
}
