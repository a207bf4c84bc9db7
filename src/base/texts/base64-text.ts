import { LateText } from "#base/texts/late-text.ts";

/** How many bytes become text at a time. Each three bytes are four characters. */
const PIECE_BYTES = 24 * 1_024;

/** Bytes as a base64 text, which is only made where it is written. `prefix` stands before it, as in a data: URL. */
export class Base64Text extends LateText {
  readonly #prefix: string;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, prefix = "") {
    super();
    this.#prefix = prefix;
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#prefix.length + 4 * Math.ceil(this.#bytes.length / 3);
  }

  *pieces(): Generator<string> {
    yield this.#prefix;
    for (let from = 0; from < this.#bytes.length; from += PIECE_BYTES) {
      yield this.#bytes.subarray(from, from + PIECE_BYTES).toBase64();
    }
  }
}
