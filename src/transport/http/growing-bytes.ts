/** By how much the memory grows. A client may send its body in pieces of one byte, and each growth costs a system call. */
const STEP = 512 * 1_024;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Collects bytes while they arrive, as one array. Only addresses are reserved for the most that may come. The array
 * grows in place, so it holds hardly more than what has come, and is never copied.
 */
export class GrowingBytes {
  readonly #buffer: ArrayBuffer;
  #size = 0;

  /** `maxBytes` is the most that may be added. */
  constructor(maxBytes: number) {
    this.#buffer = new ArrayBuffer(0, { maxByteLength: maxBytes });
  }

  /** Copies a part and frees its memory. The collector would let many parts pile up. */
  add(part: Uint8Array): void {
    const end = this.#size + part.byteLength;
    if (end > this.#buffer.byteLength) {
      this.#buffer.resize(Math.min(Math.ceil(end / STEP) * STEP, this.#buffer.maxByteLength));
    }
    new Uint8Array(this.#buffer).set(part, this.#size);
    this.#size = end;
    freeBytes(part);
  }

  /** Returns all bytes. Nothing may be added after that. */
  end(): Bytes {
    return new Uint8Array(this.#buffer, 0, this.#size);
  }
}

/**
 * Frees the memory of bytes at once. They are empty afterwards. A part of a larger buffer is left alone, unless the
 * buffer may grow: its bytes are those of one owner.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer)) return;
  if (buffer.resizable || buffer.byteLength === byteLength) buffer.transferToFixedLength(0);
}
