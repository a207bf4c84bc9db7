/** A text that is only made where it is written, because it would take much memory. */
export abstract class LateText {
  /** In UTF-16 code units. */
  abstract readonly length: number;

  /** Yields the text in pieces that are made one after the other. */
  abstract pieces(): Iterable<string>;

  /** `JSON.stringify` writes what this returns. */
  toJSON(): string {
    return [...this.pieces()].join("");
  }
}
