import { z } from "zod";
import { AppError } from "#base/errors.ts";
import { ACCESS } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { toErrorShape } from "#core/error-shape.ts";
import { eventFeed, mayHear, toFeedPayload } from "#core/live/event-feed.ts";
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

export const eventFeature = defineFeature({
  name: "events",
  operations: [
    defineOperation({
      name: "events.stream",
      http: { method: "GET", path: "/v1/events" },
      access: ACCESS.read,
      summary: "Follow what happens in the tenant",
      description:
        "A stream of server-sent events without end: runs that begin and end, and every change. Administrators hear of " +
        "all, others of what concerns them. `Last-Event-ID` or `after` continues after a cursor. Where events may be " +
        "missing, `feed.reset` comes first: what is shown must be read again.",
      input: z.object({ after: z.string().max(100).optional().describe("A cursor; without it, from now on") }),
      output: z.looseObject({}),
      answers: { stream: { schema: FeedEvent, description: "One event per frame, its cursor as the frame's id" } },
      run: async (ctx, { after }) => new StreamReply(encode(ctx, after ?? ctx.options.resumeAfter ?? "")),
    }),
  ],
});

async function* encode(ctx: Context, after: string): AsyncGenerator<string> {
  for await (const item of ctx.use(eventFeed).follow(ctx.tenantId, after, ctx.signal)) {
    if (!item) {
      yield `event: feed.reset\ndata: {"type":"feed.reset"}\n\n`;
    } else if (mayHear(ctx, item.event)) {
      const { event, cursor } = item;
      const data = JSON.stringify({ type: event.type, cursor, ...toFeedPayload(event) });
      yield `id: ${cursor}\nevent: ${event.type}\ndata: ${data}\n\n`;
    }
  }
  const { aborted, reason } = ctx.signal;
  const thrown = aborted ? reason : new AppError("UNAVAILABLE", "error.shutting_down", {}, { reason: "draining" });
  const error = toErrorShape(thrown, ctx.locale, ctx.requestId);
  yield `event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`;
}
