import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";

/** Converts frames to a response body. */
export type ToEventStream = (frames: AsyncIterable<string>) => ReadableStream<Uint8Array>;

const ENCODER = new TextEncoder();
const HEARTBEAT = ENCODER.encode(": ping\n\n");
const PULSE_MS = 1 * SECOND;

/**
 * Creates the function that converts frames to response bodies. Frames are pulled only as fast as the client reads. A
 * quiet stream sends a comment every `LIMITS.sseHeartbeat`. A client that reads nothing for `LIMITS.sseStall` is
 * dropped, as if it had disconnected. One timer serves all open streams.
 */
export function createEventStreams(): ToEventStream {
  const open = new Set<OpenStream>();
  let timer: NodeJS.Timeout | undefined;
  const pulse = () => {
    const now = performance.now();
    for (const stream of open) stream.pulse(now);
  };
  return (frames) => {
    const stream = new OpenStream(frames, () => {
      open.delete(stream);
      if (open.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
    open.add(stream);
    timer ??= setInterval(pulse, PULSE_MS).unref();
    return new ReadableStream(stream, { highWaterMark: 0 });
  };
}

class OpenStream {
  readonly #iterator: AsyncIterator<string>;
  readonly #onEnd: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** The time of the last frame or heartbeat, by `performance.now()`. */
  #lastAt = performance.now();
  #hasBegun = false;
  #isWaiting = false;
  #hasEnded = false;

  constructor(frames: AsyncIterable<string>, onEnd: () => void) {
    this.#iterator = frames[Symbol.asyncIterator]();
    this.#onEnd = onEnd;
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#controller = controller;
    this.#hasBegun = true;
    this.#isWaiting = true;
    const result = await this.#iterator.next().catch((thrown: unknown) => {
      this.#end();
      throw thrown;
    });
    this.#isWaiting = false;
    if (this.#hasEnded) return;
    if (result.done) {
      this.#end();
      controller.close();
      return;
    }
    controller.enqueue(ENCODER.encode(result.value));
    this.#lastAt = performance.now();
  }

  cancel(): void {
    this.#end();
    // A generator that never started would skip its `finally` blocks, so this starts it first.
    if (!this.#hasBegun) void this.#iterator.next().catch(() => {});
    void this.#iterator.return?.();
  }

  pulse(now: number): void {
    const quiet = now - this.#lastAt;
    const isRead = this.#isWaiting && (this.#controller?.desiredSize ?? 0) >= 0;
    if (isRead && quiet >= LIMITS.sseHeartbeat) {
      this.#controller?.enqueue(HEARTBEAT);
      this.#lastAt = now;
    }
    if (isRead || quiet < LIMITS.sseStall) return;
    this.cancel();
    this.#controller?.error(new Error("the client stopped reading"));
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd();
  }
}
