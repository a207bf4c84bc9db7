import type { Readable } from "node:stream";

/** Reads a stream chunk by chunk, only on demand. Has less overhead than the stream's own async iterator. */
export class ChunkReader {
  readonly #source: Readable;
  #wake: () => void = () => {};
  #hasEnded = false;
  #failure: Error | undefined;

  constructor(source: Readable) {
    this.#source = source;
    source.on("readable", () => this.#wake());
    source.on("end", () => {
      this.#hasEnded = true;
      this.#wake();
    });
    source.on("error", (error) => this.#fail(error));
    source.on("close", () => {
      if (!this.#hasEnded) this.#fail(new Error("the stream closed before its end"));
    });
  }

  /** Returns the next chunk, or undefined at the end. Throws the error of the stream if it failed. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk: Uint8Array | null = this.#source.read();
      if (chunk !== null) return chunk;
      if (this.#hasEnded) return undefined;
      if (this.#failure) throw this.#failure;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }
}
