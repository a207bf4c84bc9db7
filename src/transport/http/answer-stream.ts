import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Connection } from "#transport/http/http-dependencies.ts";

/** A body that is sent piece by piece. */
export interface StreamedBody {
  readonly pieces: AsyncIterable<Uint8Array | string>;
  readonly connection: Pick<Connection, "limitSilence">;
  /** What is sent while there is nothing to send, so that the client knows that the connection is alive. */
  readonly heartbeat?: Uint8Array;
  /** Called when the body ends, for whatever reason. */
  readonly onEnd?: () => void;
}

/** Converts pieces to a response body. */
export type ToAnswerStream = (body: StreamedBody) => ReadableStream<Uint8Array>;

const ENCODER = new TextEncoder();
const PULSE_MS = 1 * SECOND;
/** Ends a connection at its next check. 0 would mean never. */
const AT_ONCE = 1;

/**
 * Creates the function that converts pieces to response bodies. Pieces are pulled only as fast as the client reads. A
 * quiet stream sends its heartbeat every `LIMITS.sseHeartbeat`. A client that reads nothing for `stallMs` milliseconds is
 * dropped, as if it had disconnected. One timer serves all open streams.
 */
export function createAnswerStreams(stallMs: number = LIMITS.readerStall): ToAnswerStream {
  const open = new Set<OpenStream>();
  let timer: NodeJS.Timeout | undefined;
  const pulse = () => {
    const now = performance.now();
    for (const stream of open) stream.pulse(now, stallMs);
  };
  return (body) => {
    const stream = new OpenStream(body, () => {
      body.onEnd?.();
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
  readonly #body: StreamedBody;
  readonly #iterator: AsyncIterator<Uint8Array | string>;
  readonly #onEnd: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** The time of the last piece or heartbeat, by `performance.now()`. */
  #lastAt = performance.now();
  #hasBegun = false;
  #isWaiting = false;
  #hasEnded = false;

  constructor(body: StreamedBody, onEnd: () => void) {
    this.#body = body;
    this.#iterator = body.pieces[Symbol.asyncIterator]();
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
    controller.enqueue(typeof result.value === "string" ? ENCODER.encode(result.value) : result.value);
    this.#lastAt = performance.now();
  }

  cancel(): void {
    this.#end();
    // A generator that never started would skip its `finally` blocks, so this starts it first.
    if (!this.#hasBegun) void this.#iterator.next().catch(() => {});
    void this.#iterator.return?.();
  }

  pulse(now: number, stallMs: number): void {
    const { heartbeat, connection } = this.#body;
    const quiet = now - this.#lastAt;
    const isRead = this.#isWaiting && (this.#controller?.desiredSize ?? 0) >= 0;
    if (isRead && heartbeat && quiet >= LIMITS.sseHeartbeat) {
      this.#controller?.enqueue(heartbeat);
      this.#lastAt = now;
    }
    if (isRead || quiet < stallMs) return;
    this.cancel();
    this.#controller?.error(new Error("the client stopped reading"));
    connection.limitSilence(AT_ONCE);
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd();
    this.#body.connection.limitSilence(LIMITS.readerStall / SECOND);
  }
}
