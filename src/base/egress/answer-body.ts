import type { IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { ChunkReader } from "#base/egress/chunk-reader.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import type { Lifeline } from "#base/egress/lifeline.ts";

export interface AnswerBodyOptions {
  readonly lifeline: Lifeline;
  readonly idleMs: number;
  readonly maxBytes: number;
}

/**
 * The decoded body of a response. Reads from the socket only on demand, so a slow reader slows the server down.
 * Counts decoded bytes against the limit, so a small response cannot decompress into a large one.
 */
export class AnswerBody {
  readonly #incoming: IncomingMessage;
  readonly #source: Readable;
  readonly #chunks: ChunkReader;
  readonly #options: AnswerBodyOptions;
  #received = 0;
  #isRead = false;

  constructor(incoming: IncomingMessage, options: AnswerBodyOptions) {
    const { lifeline, maxBytes } = options;
    if (Number(incoming.headers["content-length"]) > maxBytes) lifeline.end(new EgressError("too_large"));
    this.#incoming = incoming;
    this.#options = options;
    this.#source = decode(incoming);
    this.#chunks = new ChunkReader(this.#source);
    lifeline.watch(this.#destroy);
    if (lifeline.hasEnded) this.#destroy();
  }

  /** Returns the next bytes, or undefined at the end. Rejects with `EgressError`. */
  async read(): Promise<Uint8Array | undefined> {
    const { lifeline, idleMs, maxBytes } = this.#options;
    lifeline.expectWithin(idleMs);
    let chunk: Uint8Array | undefined;
    try {
      chunk = await this.#chunks.next();
    } catch (error) {
      lifeline.end(lifeline.explain(error));
    }
    lifeline.expectNothing();
    if (chunk) this.#received += chunk.byteLength;
    if (this.#received > maxBytes) lifeline.end(new EgressError("too_large"));
    if (lifeline.hasEnded) throw lifeline.explain(undefined);
    if (chunk) return chunk;
    this.#isRead = true;
    lifeline.unwatch(this.#destroy);
    lifeline.release();
    return undefined;
  }

  /** Yields all bytes. Closes the connection if the loop is left early. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let chunk = await this.read(); chunk; chunk = await this.read()) yield chunk;
    } finally {
      this.cancel();
    }
  }

  /** Closes the connection. Does nothing after a full read, because the connection may then serve another request. */
  cancel(): void {
    if (!this.#isRead) this.#options.lifeline.end(new EgressError("aborted"));
  }

  readonly #destroy = (): void => {
    this.#incoming.destroy();
    this.#source.destroy();
  };
}

/** Returns a body as a web stream that buffers nothing. */
export const toStream = (body: AnswerBody): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await body.read();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
      cancel: () => body.cancel(),
    },
    { highWaterMark: 0 },
  );

/**
 * Returns the body without its content encoding. We request plain responses, but some servers compress anyway.
 * Throws `EgressError` if the encoding is unknown.
 */
function decode(incoming: IncomingMessage): Readable {
  const encoding = incoming.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const decoder = createDecoder(encoding);
  if (decoder === "none") return incoming;
  if (decoder === undefined) {
    incoming.destroy();
    throw new EgressError("network");
  }
  // `pipeline` destroys the decoder on failure, so the reader of the decoder sees the error.
  pipeline(incoming, decoder, () => {});
  return decoder;
}

function createDecoder(encoding: string) {
  switch (encoding) {
    case "identity":
    case "":
      return "none";
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}
