import { z } from "zod";
import { AppError } from "#base/errors.ts";
import { ACCESS } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { toErrorShape } from "#core/error-shape.ts";
import { eventFeed, type FeedItem, mayHear, toFeedPayload } from "#core/live/event-feed.ts";
import { defineOperation } from "#core/operation.ts";
import { StreamReply } from "#core/reply.ts";
import { defineFeature } from "#features/define-feature.ts";

const FeedEvent = z
  .looseObject({
    type: z.string().describe("Such as `agent.updated`; `feed.reset` where events may be missing"),
    cursor: z.string().optional().describe("Continues right after this event"),
    id: z.string().optional().describe("The id of what changed"),
    user_id: z.string().optional().describe("The user whom it concerns"),
  })
  .meta({ id: "FeedEvent", description: "Something that happened in the tenant" });

const FeedPage = z
  .object({
    events: z.array(FeedEvent),
    cursor: z.string().describe("Continues after these events"),
    is_reset: z.boolean().describe("True if events after the given cursor may be missing"),
  })
  .meta({ id: "FeedPage", description: "What happened since a cursor" });

export const eventFeature = defineFeature({
  name: "events",
  operations: [
    defineOperation({
      name: "events.list",
      http: { method: "GET", path: "/v1/events" },
      access: ACCESS.read,
      summary: "Follow what happens in the tenant",
      description:
        "With `Accept: text/event-stream` a stream without end: runs that begin and end, and every change. Otherwise " +
        "what happened since the cursor. Administrators hear of all, others of what concerns them. `Last-Event-ID` or " +
        "`after` continues after a cursor. Where events may be missing, `feed.reset` comes first: read again what you show.",
      input: z.object({ after: z.string().max(100).optional().describe("A cursor; without it, from now on") }),
      output: FeedPage,
      answers: { stream: { schema: FeedEvent, description: "One event per frame, its cursor as the frame's id" } },
      run: async (ctx, { after }) => {
        const cursor = after ?? ctx.options.resumeAfter ?? "";
        return ctx.options.wantsStream ? new StreamReply(encode(ctx, cursor)) : readFeed(ctx, cursor);
      },
    }),
  ],
});

function readFeed(ctx: Context, after: string): z.input<typeof FeedPage> {
  const { items, cursor, isReset } = ctx.use(eventFeed).list(ctx.tenantId, after);
  const events = items.filter(({ event }) => mayHear(ctx, event)).map(toWire);
  return { events, cursor, is_reset: isReset };
}

const toWire = ({ event, cursor }: FeedItem) => ({ type: event.type, cursor, ...toFeedPayload(event) });

async function* encode(ctx: Context, after: string): AsyncGenerator<string> {
  // The head of an answer goes out with its first bytes, and nothing may happen for long.
  yield ": open\n\n";
  for await (const item of ctx.use(eventFeed).follow(ctx.tenantId, after, ctx.signal)) {
    if (!item) {
      yield `event: feed.reset\ndata: {"type":"feed.reset"}\n\n`;
    } else if (mayHear(ctx, item.event)) {
      yield `id: ${item.cursor}\nevent: ${item.event.type}\ndata: ${JSON.stringify(toWire(item))}\n\n`;
    }
  }
  const { aborted, reason } = ctx.signal;
  const thrown = aborted ? reason : new AppError("UNAVAILABLE", "error.shutting_down", {}, { reason: "draining" });
  const error = toErrorShape(thrown, ctx.locale, ctx.requestId);
  yield `event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`;
}
