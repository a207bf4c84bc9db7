import { LIMITS } from "#base/limits.ts";

const HEARTBEAT = ": ping\n\n";

/**
 * Frames as a response body that is produced only as fast as the client reads. A comment goes out while nothing else
 * does, and a client that stops reading for long is given up, which ends the iteration as if it had gone away.
 */
export function toEventStream(frames: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = frames[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<string>> | undefined;
  let stall: NodeJS.Timeout | undefined;

  const end = () => {
    clearTimeout(stall);
    void iterator.return?.();
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(stall);
        pending ??= iterator.next();
        const result = await orHeartbeat(pending);
        if (result === "heartbeat") {
          controller.enqueue(encoder.encode(HEARTBEAT));
          return;
        }
        pending = undefined;
        if (result.done) {
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(result.value));
        stall = setTimeout(() => {
          end();
          controller.error(new Error("the client stopped reading"));
        }, LIMITS.sseStall);
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

async function orHeartbeat<Value>(pending: Promise<Value>): Promise<Value | "heartbeat"> {
  const { promise, resolve } = Promise.withResolvers<"heartbeat">();
  const timer = setTimeout(() => resolve("heartbeat"), LIMITS.sseHeartbeat);
  try {
    return await Promise.race([pending, promise]);
  } finally {
    clearTimeout(timer);
  }
}
