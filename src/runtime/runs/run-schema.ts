import { z } from "zod";
import { ERROR_CODES, type ErrorCode } from "#base/errors.ts";

const RUN_STATUSES = ["queued", "running", "waiting", "completed", "failed", "cancelled"] as const;
export const RunStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof RunStatus>;

export const RunKind = z.enum(["chat", "wake", "api", "delegate", "announce", "channel", "ws"]);
export type RunKind = z.infer<typeof RunKind>;

/** The reason why the model stopped. `tool_calls` means that the caller has to run its own tools. */
export const RunFinish = z.enum(["stop", "length", "tool_calls", "content_filter"]);
export type RunFinish = z.infer<typeof RunFinish>;

export const OnBusy = z.enum(["steer", "queue", "interrupt", "reject"]).meta({ id: "OnBusy" });
export type OnBusy = z.infer<typeof OnBusy>;

/** Token counts, summed over the model calls of a run. */
export const Usage = z
  .object({
    input_tokens: z.int(),
    output_tokens: z.int(),
    cache_read_tokens: z.int(),
    cache_write_tokens: z.int(),
    reasoning_tokens: z.int(),
  })
  .meta({ id: "Usage" });
export type Usage = z.infer<typeof Usage>;

export const NO_USAGE: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  reasoning_tokens: 0,
};

export const addUsage = (a: Usage, b: Usage): Usage => ({
  input_tokens: a.input_tokens + b.input_tokens,
  output_tokens: a.output_tokens + b.output_tokens,
  cache_read_tokens: a.cache_read_tokens + b.cache_read_tokens,
  cache_write_tokens: a.cache_write_tokens + b.cache_write_tokens,
  reasoning_tokens: a.reasoning_tokens + b.reasoning_tokens,
});

/** An error as the API sends it. */
const WireError = z
  .object({
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    retryable: z.boolean(),
    retryAfterMs: z.int().describe("Milliseconds; 0 means no hint"),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "ErrorShape" });
export type WireError = z.infer<typeof WireError>;

export const Run = z
  .object({
    id: z.string(),
    agent_id: z.string(),
    agent_key: z.string(),
    session_key: z.string(),
    user_id: z.string(),
    kind: RunKind,
    status: RunStatus,
    finish: RunFinish.optional(),
    attempt: z.int(),
    input_preview: z.string(),
    output: z.string().optional().describe("The text of the last answer"),
    error: WireError.optional(),
    provider: z.string().optional().describe("The name of the provider that answered last"),
    model: z.string().optional().describe("The model that answered last; a fallback, if the agent's own model failed"),
    without_tools: z
      .literal(true)
      .optional()
      .describe("Present if that model cannot call tools, so it answered without them"),
    usage: Usage,
    cost: z.number().describe("US dollars"),
    trace_id: z.string(),
    parent_run_id: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    created_at: z.string(),
    started_at: z.string().optional(),
    ended_at: z.string().optional(),
  })
  .meta({ id: "Run" });
export type Run = z.infer<typeof Run>;
