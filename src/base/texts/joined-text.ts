import { LateText } from "#base/texts/late-text.ts";

/** Texts as one. Joining long texts would copy them. */
export class JoinedText extends LateText {
  readonly #texts: readonly string[];
  readonly length: number;

  constructor(texts: readonly string[]) {
    super();
    this.#texts = texts;
    this.length = lengthOf(texts);
  }

  pieces(): Iterable<string> {
    return this.#texts;
  }
}

/** Returns the length of texts together, in UTF-16 code units. */
export const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0);
