import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { limitField, pageFields, SingleLine, Timestamp } from "#core/wire.ts";
import { isTimeZone } from "#features/usage/time-zone.ts";

const Tokens = z.int().describe("Tokens");
const Dollars = z.number().describe("US dollars, exact to the billionth");
const Duration = z
  .int()
  .describe("Milliseconds from the acceptance of a request to its end; the mean of those that ended");

export const UsageSum = z
  .object({
    requests: z.int().describe("Runs that callers started; runs that agents start for them are part of these"),
    input_tokens: Tokens,
    output_tokens: Tokens,
    cost: Dollars,
    unique_users: z.int(),
    errors: z.int().describe("Requests that failed"),
    llm_calls: z.int().describe("Model calls that used tokens"),
    tool_calls: z.int().describe("Calls of the gateway's tools, in runs that ended"),
    avg_duration_ms: Duration,
  })
  .meta({ id: "UsageSum" });
export type UsageSum = z.infer<typeof UsageSum>;

export const UsageSummary = z
  .object({
    current: UsageSum,
    previous: UsageSum.describe("The time before, of the same length"),
  })
  .meta({ id: "UsageSummary" });

const tokenFields = {
  input_tokens: Tokens,
  output_tokens: Tokens,
  cache_read_tokens: Tokens,
  cache_create_tokens: Tokens,
  total_cost: Dollars,
  request_count: z.int(),
  llm_call_count: z.int(),
  tool_call_count: z.int(),
  error_count: z.int(),
  avg_duration_ms: Duration,
};

export const UsagePoint = z
  .object({
    bucket_time: Timestamp.describe("The beginning of the hour or of the day in the time zone"),
    ...tokenFields,
    thinking_tokens: Tokens,
    unique_users: z.int(),
    memory_docs: z.int().describe("Documents of memory that exist now and existed at the end of the time"),
    memory_chunks: z.int(),
    kg_entities: z.int().describe("0: the gateway keeps no knowledge graph"),
    kg_relations: z.int().describe("0: the gateway keeps no knowledge graph"),
  })
  .meta({ id: "UsagePoint", description: "An hour or a day with usage" });
export type UsagePoint = z.infer<typeof UsagePoint>;

export const UsageRow = z
  .object({ key: z.string().describe("A provider, a model, a channel, or the id of an agent"), ...tokenFields })
  .meta({ id: "UsageRow" });
export type UsageRow = z.infer<typeof UsageRow>;

export const UsageRecord = z
  .object({
    agent_id: z.string().describe("The key of the agent"),
    session_key: z.string(),
    model: z.string(),
    provider: z.string(),
    input_tokens: Tokens,
    output_tokens: Tokens,
    total_tokens: Tokens,
    timestamp: z.int().describe("Milliseconds since 1970"),
  })
  .meta({ id: "UsageRecord", description: "A run that used tokens" });
export type UsageRecord = z.infer<typeof UsageRecord>;

const POINTS = ["hour", "day"] as const;
const ROWS = ["provider", "model", "channel", "agent"] as const;
const SPLITS = [...ROWS, "user"] as const;
const RANKS = ["cost", "tokens", "requests", "errors", "latency"] as const;

export const UsageReport = z
  .object({
    points: z.array(UsagePoint).describe("Where `group_by` is `hour` or `day`"),
    rows: z.array(UsageRow).describe("Where `group_by` is another field"),
    records: z.array(UsageRecord).describe("Newest first"),
    total: z.int().describe(`How many records there are, counted to ${LIMITS.tracesCounted}`),
    limit: z.int(),
    offset: z.int(),
    from: Timestamp,
    to: Timestamp,
    group_by: z.enum([...POINTS, ...ROWS]),
  })
  .meta({ id: "UsageReport" });

export const UsageSeries = z
  .object({
    key: z
      .string()
      .nullable()
      .describe("A value of the field, which for agents is their id. Null: all others together"),
    points: z.array(
      z
        .object({ bucket_time: UsagePoint.shape.bucket_time, ...tokenFields })
        .meta({ id: "UsageSeriesPoint", description: "What a value used in an hour or a day" }),
    ),
  })
  .meta({ id: "UsageSeries" });
export type UsageSeries = z.infer<typeof UsageSeries>;

export const UsagePoints = z
  .object({
    points: z.array(UsagePoint),
    series: z
      .array(UsageSeries)
      .optional()
      .describe("With `split_by`: the points of each of the largest values, the largest first, and of all others"),
  })
  .meta({ id: "UsagePoints" });
export const UsageRows = z.object({ rows: z.array(UsageRow) }).meta({ id: "UsageRows" });

const CostRow = z
  .object({
    agent_id: z.string().optional(),
    total_cost: Dollars,
    total_input_tokens: Tokens,
    total_output_tokens: Tokens,
    trace_count: z.int().describe("Requests"),
  })
  .meta({ id: "CostRow" });
export const CostRows = z.object({ rows: z.array(CostRow) }).meta({ id: "CostRows" });

const Name = SingleLine.max(512).optional();
const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
const TimeZone = z.string().max(64).refine(isTimeZone, "field.time_zone").optional();

const filters = {
  agent_id: Name.describe("Id or key of an agent"),
  provider: Name,
  model: Name,
  channel: Name.describe("The door, such as `http`"),
  user_id: Name.describe("For administrators; others see their own usage"),
  tz: TimeZone.describe("IANA name of the time zone of days, such as `Asia/Ho_Chi_Minh`; by default UTC"),
  timezone: TimeZone.describe("Another name of `tz`"),
};
const window = {
  from: Moment.optional().describe("From this time: RFC 3339, or a day in the time zone"),
  to: Moment.optional().describe("Until before this time: RFC 3339, or to the end of a day in the time zone"),
};
const requiredWindow = {
  from: Moment.describe(window.from.description ?? ""),
  to: Moment.describe(window.to.description ?? ""),
};

export const SummariseUsageInput = z.object({
  period: z
    .enum(["today", "24h", "7d", "30d"])
    .catch("24h")
    .default("24h")
    .describe("`from` and `to` together override it; anything unknown means `24h`"),
  ...window,
  ...filters,
});
export type SummariseUsageInput = z.infer<typeof SummariseUsageInput>;

export const UsageReportInput = z.object({
  group_by: z.enum([...POINTS, ...ROWS]).default("hour"),
  ...window,
  ...filters,
  limit: limitField(LIMITS.listDefault),
  offset: pageFields.offset,
});
export type UsageReportInput = z.infer<typeof UsageReportInput>;

export const UsagePointsInput = z.object({
  group_by: z.enum(POINTS).default("hour"),
  ...requiredWindow,
  ...filters,
  split_by: z.enum(SPLITS).optional().describe("A field by whose largest values the points are told apart in `series`"),
  rank_by: z.enum(RANKS).default("cost").describe("What makes a value large in the window. `latency` is the mean time"),
  series_limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMITS.usageSeries)
    .default(4)
    .describe(`How many values are told apart, at most ${LIMITS.usageSeries}`),
});
export type UsagePointsInput = z.infer<typeof UsagePointsInput>;

export const UsageRowsInput = z.object({ group_by: z.enum(ROWS).default("provider"), ...requiredWindow, ...filters });
export type UsageRowsInput = z.infer<typeof UsageRowsInput>;

export const CostsInput = z.object({ ...window, ...filters });
export type CostsInput = z.infer<typeof CostsInput>;

export const ExportUsageInput = z.object({ group_by: z.enum(POINTS).default("day"), ...window, ...filters });
export type ExportUsageInput = z.infer<typeof ExportUsageInput>;

/** What narrows usage, beside its time. */
export type UsageFilters = Pick<UsageReportInput, "agent_id" | "provider" | "model" | "channel" | "user_id">;
/** A group whose usage is a point in time. */
export type PointGroup = (typeof POINTS)[number];
/** A field by whose values usage is told apart. */
export type RowGroup = (typeof ROWS)[number];
/** A field by whose values points are told apart. */
export type SplitField = (typeof SPLITS)[number];
/** What values of a field are ranked by. */
export type RankMeasure = (typeof RANKS)[number];
export const isPointGroup = (group: PointGroup | RowGroup): group is PointGroup => group === "hour" || group === "day";
