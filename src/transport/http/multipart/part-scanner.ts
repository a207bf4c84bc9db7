import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";

/** A form that does not follow RFC 7578. */
export const invalidForm = () =>
  new AppError("INVALID_REQUEST", "error.invalid_request", { detail: "multipart/form-data" });

const LINE_END = "\r\n";

/**
 * Splits the body of a form into its parts while it comes. Holds little more than one piece of the body. What it yields is
 * valid until the next piece is asked for.
 */
export class PartScanner {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #delimiter: Buffer;
  // The first boundary needs no line before it.
  #rest: Buffer = Buffer.from(LINE_END);

  constructor(body: AsyncIterable<Uint8Array>, boundary: string) {
    this.#pieces = body[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`${LINE_END}--${boundary}`);
  }

  /** Yields the bytes before the next boundary, and consumes that boundary. Throws 400 if there is none. */
  async *readToBoundary(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const at = this.#rest.indexOf(this.#delimiter);
      const piece = this.#rest.subarray(0, at >= 0 ? at : this.#rest.length - this.#beginningAtEnd());
      this.#rest = this.#rest.subarray(piece.length + (at >= 0 ? this.#delimiter.length : 0));
      if (piece.length > 0) yield piece;
      if (at >= 0) return;
      await this.#readMore();
    }
  }

  /** Returns how many of the last bytes may be the beginning of a delimiter. */
  #beginningAtEnd(): number {
    const from = Math.max(0, this.#rest.length - this.#delimiter.length + 1);
    const tail = this.#rest.subarray(from);
    const start = tail.findIndex((_, index) => this.#delimiter.indexOf(tail.subarray(index)) === 0);
    return start < 0 ? 0 : tail.length - start;
  }

  /** Returns the headers of the part after a boundary, or undefined after the last one. */
  async readHeaders(): Promise<string | undefined> {
    const line = await this.#readTo(LINE_END);
    if (line.startsWith("--")) return undefined;
    if (line.trim() !== "") throw invalidForm();
    // The line end of the boundary may be followed by the empty line at once.
    this.#rest = Buffer.concat([Buffer.from(LINE_END), this.#rest]);
    return this.#readTo(LINE_END + LINE_END);
  }

  async #readTo(end: string): Promise<string> {
    for (;;) {
      const at = this.#rest.indexOf(end);
      if (at >= 0 && at <= LIMITS.formHeaderBytes) {
        const text = decode(this.#rest.subarray(0, at));
        this.#rest = this.#rest.subarray(at + end.length);
        return text;
      }
      // The last boundary may be the end of the body.
      if (this.#rest.subarray(0, 2).toString() === "--") return "--";
      if (this.#rest.length > LIMITS.formHeaderBytes) throw invalidForm();
      await this.#readMore();
    }
  }

  async #readMore(): Promise<void> {
    // The memory of the last piece is freed when the next one is asked for.
    const kept = Uint8Array.from(this.#rest);
    const { done, value } = await this.#pieces.next();
    if (done) throw invalidForm();
    this.#rest =
      kept.length === 0 ? Buffer.from(value.buffer, value.byteOffset, value.length) : Buffer.concat([kept, value]);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalidForm();
  }
}
