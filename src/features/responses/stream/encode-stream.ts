import { AppError } from "#base/errors.ts";
import type { ResponseObject } from "#features/responses/schema/response.ts";
import type { ResponseWriter } from "#features/responses/stream/response-writer.ts";
import type { StreamEvent } from "#features/responses/stream/stream-events.ts";
import type { FollowedEvent } from "#runtime/runs/index.ts";

export interface StreamOptions {
  /** The number of the last event that the reader has. */
  readonly after: number;
  /** Returns "" for an event that the reader does not get. */
  readonly toFrame: (event: StreamEvent) => string;
}

/**
 * Encodes a run's events as server-sent events. The last one tells the end of the response, or why the stream breaks
 * off. A reader that stops early also closes `events`.
 */
export async function* encodeStream(
  events: AsyncIterable<FollowedEvent>,
  writer: ResponseWriter,
  { after, toFrame }: StreamOptions,
): AsyncGenerator<string> {
  const toFrames = (written: readonly StreamEvent[]) =>
    written.filter(({ sequence_number }) => sequence_number > after).map(toFrame);
  try {
    for (const frame of toFrames(writer.begin())) if (frame !== "") yield frame;
    for await (const { event } of events) {
      for (const frame of toFrames(await writer.take(event))) if (frame !== "") yield frame;
      if (writer.isOver) return;
    }
    for (const frame of toFrames(writer.fail(new AppError("INTERNAL", "error.run_internal", {})))) yield frame;
  } catch (thrown) {
    yield* writer.fail(thrown).map(toFrame);
  } finally {
    await events[Symbol.asyncIterator]().return?.();
  }
}

/** Reads a run to its end and returns the response. Throws what breaks the run off. */
export async function readToEnd(events: AsyncIterable<FollowedEvent>, writer: ResponseWriter): Promise<ResponseObject> {
  writer.begin();
  for await (const { event } of events) {
    const last = (await writer.take(event)).at(-1);
    if (writer.isOver && last && "response" in last) return last.response;
  }
  throw new AppError("INTERNAL", "error.run_internal", {});
}
