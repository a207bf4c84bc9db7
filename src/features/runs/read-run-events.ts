import { invalidField } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { jsonBytes } from "#core/cut-page.ts";
import { toErrorShape } from "#core/error-shape.ts";
import { StreamReply } from "#core/reply.ts";
import { withSignedLinks } from "#features/media/index.ts";
import { describeRunError, getRunRow } from "#features/runs/repository.ts";
import type { RunEvents, RunEventsInput, RunEventWire } from "#features/runs/schema.ts";
import { signDeltas } from "#features/runs/sign-deltas.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { type Cursor, type FollowedEvent, formatCursor, parseCursor, START } from "#runtime/runs/index.ts";

/**
 * Returns a run's events after a cursor: as a stream until its end, or as a document of the events that exist now. A
 * document ends early after `LIMITS.pageBytes`. Its cursor continues behind it.
 */
export async function readRunEvents(ctx: Context, { id, after }: RunEventsInput): Promise<StreamReply | RunEvents> {
  const run = await getRunRow(ctx, id);
  const cursor = readCursor(after ?? ctx.options.resumeAfter);
  const engine = ctx.use(runEngine);
  if (!ctx.options.wantsDocument)
    return new StreamReply(encode(ctx, signDeltas(ctx, engine.follow(ctx.db, run.id, cursor, ctx.signal))));
  const events: RunEventWire[] = [];
  let bytes = 0;
  for await (const followed of signDeltas(ctx, engine.snapshot(ctx.db, run.id, cursor))) {
    const event = await toWire(ctx, followed);
    bytes += jsonBytes(event);
    if (events.length > 0 && bytes > LIMITS.pageBytes) break;
    events.push(event);
  }
  return { events, cursor: events.at(-1)?.cursor ?? formatCursor(cursor) };
}

/** Reads a cursor. Nothing is the beginning. Throws INVALID_REQUEST. */
export function readCursor(text: string | undefined): Cursor {
  if (text === undefined || text === "") return START;
  const cursor = parseCursor(text);
  if (!cursor) throw invalidField("after", "<seq> | <seq>:<offset>");
  return cursor;
}

async function* encode(ctx: Context, events: AsyncIterable<FollowedEvent>): AsyncGenerator<string> {
  try {
    for await (const followed of events) {
      const wire = await toWire(ctx, followed);
      yield `id: ${followed.cursor}\nevent: ${wire.type}\ndata: ${JSON.stringify(wire)}\n\n`;
    }
  } catch (thrown) {
    const error = toErrorShape(thrown, ctx.locale, ctx.requestId);
    yield `event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`;
  }
}

/** Signs the links in a complete message. */
export async function toWire(ctx: Context, { event, cursor }: FollowedEvent): Promise<RunEventWire> {
  if (event.type === "message.completed") {
    const [message = event.message] = await withSignedLinks(ctx, [event.message]);
    return { ...event, message, cursor };
  }
  const error = event.type === "run.failed" ? { error: describeRunError(ctx, event.error) } : {};
  return { ...event, ...error, cursor };
}
