import type { IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { ChunkReader } from "#base/egress/chunk-reader.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import type { Lifeline } from "#base/egress/lifeline.ts";

export interface ResponseBodyOptions {
  readonly lifeline: Lifeline;
  readonly idleMs: number;
  readonly maxBytes: number;
}

/**
 * The answer's bytes, read from the socket only when somebody asks for more, so that a slow reader slows the server.
 * Decoded bytes count against the cap: a small answer cannot unpack into a large one.
 */
export function toResponseBody(incoming: IncomingMessage, options: ResponseBodyOptions): ReadableStream<Uint8Array> {
  const { lifeline, idleMs, maxBytes } = options;
  if (Number(incoming.headers["content-length"]) > maxBytes) lifeline.end(new EgressError("too_large"));
  const source = decode(incoming);
  const chunks = new ChunkReader(source);
  let received = 0;
  let onEnd: () => void = () => {};

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        onEnd = () => {
          incoming.destroy();
          source.destroy();
          controller.error(lifeline.explain(undefined));
        };
        lifeline.watch(onEnd);
        if (lifeline.hasEnded) onEnd();
      },
      async pull(controller) {
        lifeline.expectWithin(idleMs);
        const chunk = await chunks.next().catch((error: unknown) => lifeline.end(lifeline.explain(error)));
        lifeline.expectNothing();
        if (lifeline.hasEnded) return;
        if (!chunk) {
          lifeline.unwatch(onEnd);
          lifeline.release();
          return controller.close();
        }
        received += chunk.byteLength;
        if (received > maxBytes) return lifeline.end(new EgressError("too_large"));
        controller.enqueue(chunk);
      },
      cancel() {
        lifeline.unwatch(onEnd);
        lifeline.end(new EgressError("aborted"));
        incoming.destroy();
        source.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

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
