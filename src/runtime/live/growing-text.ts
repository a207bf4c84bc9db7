interface Piece {
  readonly start: number;
  readonly text: string;
}

/** A text that is written piece by piece and read from any place on: reading near its end costs no more as it grows. */
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

  /** What stands after `offset`, in UTF-16 code units. */
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
