import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { Timestamp } from "#core/wire.ts";
import { matchFacts, SUMS, toFilter } from "#features/usage/match-facts.ts";
import { readBreakdown, readTimeSeries } from "#features/usage/report-usage.ts";
import { type UsagePoint, UsagePointsInput, type UsageRow, UsageRowsInput } from "#features/usage/schema.ts";
import { toUsageFields } from "#features/usage/to-sums.ts";
import { toWindow } from "#features/usage/to-window.ts";

const callFields = {
  calls: z.int().describe("Model calls that used tokens"),
  errors: z.int().describe("Requests that failed"),
  input_tokens: z.int(),
  output_tokens: z.int(),
  total_tokens: z.int(),
  cost_usd: z.number(),
  avg_duration_ms: z.int().describe("From the acceptance of a request to its end"),
};
const ModelCallSum = z.object(callFields).meta({ id: "ModelCallSum" });
const ModelCallPoint = z.object({ bucket_time: Timestamp, ...callFields }).meta({ id: "ModelCallPoint" });
const ModelCallRow = z.object({ key: z.string(), ...callFields }).meta({ id: "ModelCallRow" });

const OWN = "Administrators see all of the tenant, other callers their own. `from` and `to` are needed.";

/** The same usage as elsewhere, in the words of clients that count model calls. */
export const usageEventOperations = [
  defineOperation({
    name: "usage.events.summary",
    http: { method: "GET", path: "/v1/usage/events/summary" },
    access: ACCESS.read,
    summary: "Sum up the model calls of a window",
    description: OWN,
    input: UsageRowsInput.omit({ group_by: true }),
    output: z.object({ summary: ModelCallSum }),
    run: async (ctx, input) => {
      const wanted = { window: toWindow(ctx, input), filter: await toFilter(ctx, input), grain: "day" } as const;
      const row = await matchFacts(ctx, wanted).select(SUMS).executeTakeFirstOrThrow();
      return { summary: toCalls(toUsageFields(row)) };
    },
  }),
  defineOperation({
    name: "usage.events.timeseries",
    http: { method: "GET", path: "/v1/usage/events/timeseries" },
    access: ACCESS.read,
    summary: "Return the model calls of a window by hours or days",
    description: OWN,
    input: UsagePointsInput,
    output: z.object({ points: z.array(ModelCallPoint) }),
    run: async (ctx, input) => {
      const { points } = await readTimeSeries(ctx, input);
      return { points: points.map((point) => ({ bucket_time: point.bucket_time, ...toCalls(point) })) };
    },
  }),
  defineOperation({
    name: "usage.events.breakdown",
    http: { method: "GET", path: "/v1/usage/events/breakdown" },
    access: ACCESS.read,
    summary: "Return the model calls of a window by provider, model, channel or agent",
    description: OWN,
    input: UsageRowsInput,
    output: z.object({ rows: z.array(ModelCallRow) }),
    run: async (ctx, input) => {
      const { rows } = await readBreakdown(ctx, input);
      return { rows: rows.map((row) => ({ key: row.key, ...toCalls(row) })) };
    },
  }),
];

type Counted = Pick<
  UsagePoint & UsageRow,
  "llm_call_count" | "error_count" | "input_tokens" | "output_tokens" | "total_cost" | "avg_duration_ms"
>;

const toCalls = (counted: Counted): z.input<typeof ModelCallSum> => ({
  calls: counted.llm_call_count,
  errors: counted.error_count,
  input_tokens: counted.input_tokens,
  output_tokens: counted.output_tokens,
  total_tokens: counted.input_tokens + counted.output_tokens,
  cost_usd: counted.total_cost,
  avg_duration_ms: counted.avg_duration_ms,
});
