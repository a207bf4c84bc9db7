import { headOf, tailOf } from "#base/texts/cut-text.ts";

const HEAD_SHARE = 0.7;

/** Keeps the beginning and the end of output of any length, within a fixed amount of memory. */
export class OutputCollector {
  readonly #headChars: number;
  readonly #tailChars: number;
  #head = "";
  #tail = "";
  #total = 0;

  /** `chars` is the maximum number of characters that are kept. */
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
    // The tail is trimmed only when it has doubled, so many small pieces do not copy it each time. One extra character
    // lets `tailOf` detect a split surrogate pair.
    if (this.#tail.length > 2 * this.#tailChars) this.#tail = this.#tail.slice(-(this.#tailChars + 1));
  }

  get text(): string {
    if (this.#total - this.#head.length <= this.#tailChars) return this.#head + this.#tail;
    const tail = tailOf(this.#tail, this.#tailChars);
    const omitted = this.#total - this.#head.length - tail.length;
    return `${this.#head}\n[… ${omitted} characters left out; write long output to a file …]\n${tail}`;
  }
}
