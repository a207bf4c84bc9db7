/** The size of a block. A client may send its body in pieces of one byte, each of which costs far more than a byte. */
const BLOCK = 512 * 1_024;

type Bytes = Uint8Array<ArrayBuffer>;

/** The bytes of a body, in order. */
export type BodyBytes = readonly Bytes[];

/** Collects a body while it arrives, in blocks of equal size. It holds hardly more than the bytes that have come. */
export class BodyBlocks {
  readonly #full: Bytes[] = [];
  #last: Bytes = new Uint8Array();
  #used = 0;

  /** Copies a part and frees its memory. The collector would let many parts pile up. */
  add(part: Uint8Array): void {
    for (let from = 0; from < part.byteLength; ) {
      if (this.#used === this.#last.byteLength) this.#open();
      const piece = part.subarray(from, from + this.#last.byteLength - this.#used);
      this.#last.set(piece, this.#used);
      this.#used += piece.byteLength;
      from += piece.byteLength;
    }
    freeBytes(part);
  }

  /** Returns the body in order. Nothing may be added after that. */
  end(): BodyBytes {
    return [...this.#full, this.#last.subarray(0, this.#used)];
  }

  #open(): void {
    if (this.#used > 0) this.#full.push(this.#last);
    this.#last = new Uint8Array(BLOCK);
    this.#used = 0;
  }
}

/** Returns the bytes of blocks as one array, and frees the blocks. */
export function joinBlocks(blocks: BodyBytes): Bytes {
  const [first = new Uint8Array(), ...others] = blocks;
  if (others.length === 0) return first;
  const whole = new Uint8Array(blocks.reduce((size, { byteLength }) => size + byteLength, 0));
  let size = 0;
  for (const block of blocks) {
    whole.set(block, size);
    size += block.byteLength;
    freeBytes(block);
  }
  return whole;
}

/** Frees the memory of bytes at once, unless they are a part of a larger buffer. They are empty afterwards. */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
