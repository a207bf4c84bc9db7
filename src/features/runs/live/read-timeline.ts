import { z } from "zod";
import { notFound, required } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import { Identity } from "#core/access/identity.ts";
import type { Context } from "#core/context.ts";
import { cutPage, jsonBytes } from "#core/cut-page.ts";
import { pageFields, Timestamp } from "#core/wire.ts";
import { getRunRow } from "#features/runs/repository.ts";
import { type NumberedEvent, type RunRow, readTimedEvents, type TimedEvent } from "#runtime/runs/index.ts";
import { textOf } from "#runtime/transcript/index.ts";

const PREVIEW_CHARS = 2_000;
const MAX_ITEMS = 500;
const USUAL_ITEMS = 200;

export const TimelineInput = z.object({
  run_id: z.string().min(1).optional(),
  session_key: Identity.min(1).optional().describe("The latest run of this session, where no run is named"),
  limit: z.coerce.number().int().min(1).max(MAX_ITEMS).catch(USUAL_ITEMS).default(USUAL_ITEMS),
  offset: pageFields.offset,
});
export type TimelineInput = z.output<typeof TimelineInput>;

const TimelineItem = z
  .object({
    id: z.string(),
    run_id: z.string(),
    session_key: z.string(),
    seq: z.int(),
    item_type: z.enum(["activity", "assistant.message", "tool.call", "tool.result", "run.status"]),
    status: z.enum(["started", "running", "completed", "failed", "cancelled"]),
    title: z.string(),
    preview: z.string(),
    content: z.string(),
    tool_name: z.string(),
    tool_call_id: z.string(),
    user_id: z.string(),
    trace_id: z.string(),
    span_id: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    created_at: Timestamp,
  })
  .meta({ id: "TimelineItem" });
type TimelineItem = z.output<typeof TimelineItem>;

export const Timeline = z
  .object({
    runId: z.string(),
    sessionKey: z.string(),
    items: z.array(TimelineItem),
    limit: z.int(),
    offset: z.int(),
  })
  .meta({ id: "Timeline" });

/** Reads what a run did, step by step. What the model thought is left out. */
export async function readTimeline(ctx: Context, input: TimelineInput): Promise<z.input<typeof Timeline>> {
  const run = await findRun(ctx, input);
  const { limit, offset } = input;
  const events = await readTimedEvents(ctx.db.read, run.id, offset, limit);
  const items = events.flatMap((event) => toItem(run, event));
  return { runId: run.id, sessionKey: run.session_key, items: [...cutPage(items, jsonBytes)], limit, offset };
}

async function findRun(ctx: Context, { run_id: id, session_key: key }: TimelineInput): Promise<RunRow> {
  if (id !== undefined) return getRunRow(ctx, id);
  if (key === undefined) throw required("runId");
  const session = await ctx.db.read.selectFrom("sessions").select(["id"]).where("key", "=", key).executeTakeFirst();
  const row = await ctx.db.read
    .selectFrom("runs")
    .selectAll()
    .where("session_id", "=", session?.id ?? "")
    .$if(!hasRole(ctx, "admin"), (query) => query.where("user_id", "=", ctx.userId))
    .orderBy("id", "desc")
    .executeTakeFirst();
  if (!row) throw notFound("session", key);
  return row;
}

type Shown = Pick<TimelineItem, "item_type" | "status"> & Partial<TimelineItem>;

function toItem(run: RunRow, { event, at }: TimedEvent): readonly TimelineItem[] {
  const shown = toShown(event);
  if (!shown) return [];
  const { content = "" } = shown;
  return [
    {
      ...{ id: `${run.id}:${event.seq}`, run_id: run.id, session_key: run.session_key, seq: event.seq },
      ...{ title: event.type, content: "", tool_name: "", tool_call_id: "", span_id: "", metadata: {} },
      ...{ user_id: run.user_id, trace_id: run.trace_id, created_at: at },
      ...shown,
      preview: content.slice(0, PREVIEW_CHARS),
    },
  ];
}

function toShown(event: NumberedEvent): Shown | undefined {
  switch (event.type) {
    case "run.queued":
    case "message.started":
      return undefined;
    case "run.started":
      return { item_type: "run.status", status: "started" };
    case "message.reset":
      return { item_type: "activity", status: "running" };
    case "message.completed": {
      const content = textOf(event.message.parts);
      return content === "" ? undefined : { item_type: "assistant.message", status: "completed", content };
    }
    case "tool.call": {
      const named = { title: event.name, tool_name: event.name, tool_call_id: event.callId };
      return { item_type: "tool.call", status: "running", ...named, content: event.arguments };
    }
    case "tool.result": {
      const named = { title: event.name, tool_name: event.name, tool_call_id: event.callId };
      return {
        item_type: "tool.result",
        status: event.isError ? "failed" : "completed",
        ...named,
        content: event.text,
      };
    }
    case "run.completed":
      return { item_type: "run.status", status: "completed" };
    case "run.failed":
      return { item_type: "run.status", status: "failed" };
    case "run.cancelled":
      return { item_type: "run.status", status: "cancelled" };
  }
}
