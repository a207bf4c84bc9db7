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
 * The answer's bytes, read from the socket only when somebody asks for more, so that a slow reader slows the server.
 * Decoded bytes count against the cap: a small answer cannot unpack into a large one.
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

  /** The next bytes; undefined when there are no more. Rejects with `EgressError`. */
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

  /** Leaving the loop closes the connection. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let chunk = await this.read(); chunk; chunk = await this.read()) yield chunk;
    } finally {
      this.cancel();
    }
  }

  /** Closes the connection, unless everything is read: then it may serve another request by now. */
  cancel(): void {
    if (!this.#isRead) this.#options.lifeline.end(new EgressError("aborted"));
  }

  readonly #destroy = (): void => {
    this.#incoming.destroy();
    this.#source.destroy();
  };
}

/** The same as a stream. */
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

/** We ask for plain answers; some servers compress all the same. */
function decode(incoming: IncomingMessage): Readable {
  const encoding = incoming.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const decoder = createDecoder(encoding);
  if (decoder === "none") return incoming;
  if (decoder === undefined) {
    incoming.destroy();
    throw new EgressError("network");
  }
  // The reader sees the failure on the decoder, which pipeline destroys.
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
