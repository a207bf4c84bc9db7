interface Piece {
  readonly start: number;
  readonly text: string;
}

/**
 * A text that grows by pieces and is read from any offset. The cost of reading its end does not depend on its length.
 */
export class GrowingText {
  readonly #pieces: Piece[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(text: string): void {
    if (text === "") return;
    this.#pieces.push({ start: this.#length, text });
    this.#length += text.length;
  }

  /** Returns the text after `offset`, in UTF-16 code units. */
  from(offset: number): string {
    const tail: string[] = [];
    for (let index = this.#pieces.length - 1; index >= 0; index--) {
      const { start, text } = this.#pieces[index] as Piece;
      if (start + text.length <= offset) break;
      tail.push(start < offset ? text.slice(offset - start) : text);
    }
    return tail.length === 1 ? (tail[0] as string) : tail.reverse().join("");
  }
}
