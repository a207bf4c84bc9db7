import type { Readable } from "node:stream";

/** Reads a stream chunk by chunk and only as far as it is asked to, with less on the way than its own iterator has. */
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

  /** Undefined at the end. Throws what the stream failed with. */
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
