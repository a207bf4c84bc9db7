import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { limitField, longPageFields, pageOf, SingleLine, Timestamp } from "#core/wire.ts";

const Tokens = z.int().describe("Tokens");
const Dollars = z.number().describe("US dollars, exact to the billionth");
const Milliseconds = z.int().describe("Milliseconds");
const Preview = z.string().describe("Its beginning and its end, without credentials and files");

export const Trace = z
  .object({
    id: z.string(),
    parent_trace_id: z.string().optional().describe("The trace of the run that handed this one its task"),
    agent_id: z.string(),
    user_id: z.string().optional(),
    session_key: z.string(),
    run_id: z.string(),
    start_time: Timestamp,
    end_time: Timestamp.optional(),
    duration_ms: Milliseconds.optional(),
    name: z.string(),
    channel: z.string().optional().describe("The door, such as `http`"),
    input_preview: Preview.optional(),
    output_preview: Preview.optional(),
    total_input_tokens: Tokens.describe("Tokens of its model calls"),
    total_output_tokens: Tokens,
    total_cost: Dollars,
    span_count: z.int(),
    llm_call_count: z.int(),
    tool_call_count: z.int(),
    status: z.enum(["running", "completed", "error", "cancelled"]),
    error: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()),
    created_at: Timestamp,
  })
  .meta({ id: "Trace", description: "What a run did" });
export type Trace = z.infer<typeof Trace>;

export const Span = z
  .object({
    id: z.string(),
    trace_id: z.string(),
    parent_span_id: z.string().optional(),
    agent_id: z.string(),
    span_type: z.enum(["llm_call", "tool_call", "agent", "embedding", "event"]),
    name: z.string(),
    start_time: Timestamp,
    end_time: Timestamp.optional(),
    duration_ms: Milliseconds.optional(),
    status: z.enum(["running", "completed", "error"]),
    error: z.string().optional(),
    level: z.literal("DEFAULT"),
    model: z.string().optional(),
    provider: z.string().optional(),
    input_tokens: Tokens.optional(),
    output_tokens: Tokens.optional(),
    total_cost: Dollars.optional(),
    finish_reason: z.string().optional(),
    model_params: z.record(z.string(), z.unknown()),
    tool_name: z.string().optional(),
    tool_call_id: z.string().optional(),
    input_preview: Preview.optional(),
    output_preview: Preview.optional(),
    metadata: z.record(z.string(), z.unknown()),
    tenant_id: z.string(),
    created_at: Timestamp,
  })
  .meta({ id: "Span", description: "A model call, a tool call, or the work of an agent" });
export type Span = z.infer<typeof Span>;

export const TracePage = pageOf("traces", Trace).meta({ id: "TracePage" });
export const TraceDetail = z
  .object({ trace: Trace, spans: z.array(Span).describe("In the order of their start") })
  .meta({ id: "TraceDetail" });
export type TraceDetail = z.infer<typeof TraceDetail>;

const Text = SingleLine.max(512).optional();
const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional();
const Count = z.coerce.number().int().min(0).optional().catch(undefined);

const filters = {
  agent_id: Text.describe("Id or key of an agent"),
  user_id: Text.describe("For administrators; others see their own traces"),
  session_key: Text,
  status: z
    .enum(["running", "completed", "error", "cancelled", "success"])
    .optional()
    .describe("`success` is another name of `completed`"),
  channel: Text.describe("The door, such as `http`"),
  q: Text.describe(
    `Text in the input, the output, the session key or the agent key. Looks at the newest ${LIMITS.tracesSearched} that match otherwise`,
  ),
  agent: Text.describe("A part of the name or the key of an agent"),
  channel_query: Text.describe("A part of the door"),
  tool_name: Text.describe(`A tool that was called. Looks at its newest ${LIMITS.tracesCompared} calls in the time`),
  from: Moment.describe("Begun at this time or later: RFC 3339, or a day in UTC"),
  to: Moment.describe("Begun before this time: RFC 3339, or until the end of a day in UTC"),
  min_input_tokens: Count.describe(
    `Numbers are compared in the newest ${LIMITS.tracesCompared} traces that match otherwise`,
  ),
  max_input_tokens: Count,
  min_output_tokens: Count,
  max_output_tokens: Count,
  min_tool_calls: Count,
  max_tool_calls: Count,
  has_tool_calls: z.stringbool().optional(),
};

export const ListTracesInput = z.object({
  ...filters,
  ...longPageFields,
});
export type ListTracesInput = z.infer<typeof ListTracesInput>;
export type TraceFilters = Omit<ListTracesInput, "limit" | "offset">;

export const TracePath = z.object({ id: z.string().describe("The id of the trace, which is that of its run") });
export type TracePath = z.infer<typeof TracePath>;

export const FollowTracesInput = z
  .object({
    session_key: Text,
    agent_id: Text.describe("Id or key of an agent"),
    since: z.iso.datetime({ offset: true }).optional().describe("`next_since` of the answer before"),
    include_spans: z.stringbool().default(false),
    limit: limitField(LIMITS.longListDefault),
  })
  .refine(({ session_key, agent_id }) => session_key !== undefined || agent_id !== undefined, {
    path: ["session_key"],
    message: "field.required",
  });
export type FollowTracesInput = z.infer<typeof FollowTracesInput>;

export const FollowedTraces = z
  .object({
    traces: z.array(Trace).describe("Those that run, and those that began or ended since"),
    spans_by_trace_id: z.record(z.string(), z.array(Span)),
    server_time: Timestamp,
    next_since: Timestamp,
    limit: z.int(),
  })
  .meta({ id: "FollowedTraces" });
