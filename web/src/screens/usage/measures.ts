import type { OutputOf } from "#client/index.ts";
import type { Unit } from "#web/ui/charts/use-unit.ts";

/** What both hours and rows of a breakdown tell. */
export type UsageNumbers = Pick<
  OutputOf<"usage.breakdown">["rows"][number],
  | "request_count"
  | "total_cost"
  | "input_tokens"
  | "output_tokens"
  | "error_count"
  | "avg_duration_ms"
  | "llm_call_count"
  | "tool_call_count"
>;
type UsageSum = OutputOf<"usage.summary">["current"];

export const MEASURES = ["requests", "cost", "tokens", "errors", "latency"] as const;
export type Measure = (typeof MEASURES)[number];

interface MeasureInfo {
  readonly unit: Unit;
  /** False for a mean, which neither adds up nor is zero where nothing was. */
  readonly addsUp: boolean;
  /** True if more of it is worse. */
  readonly isBad: boolean;
  readonly of: (numbers: UsageNumbers) => number;
  readonly ofSum: (sum: UsageSum) => number;
}

export const MEASURE_INFO: Readonly<Record<Measure, MeasureInfo>> = {
  requests: {
    ...{ unit: "number", addsUp: true, isBad: false },
    of: ({ request_count }) => request_count,
    ofSum: ({ requests }) => requests,
  },
  cost: {
    ...{ unit: "money", addsUp: true, isBad: false },
    of: ({ total_cost }) => total_cost,
    ofSum: ({ cost }) => cost,
  },
  tokens: {
    ...{ unit: "number", addsUp: true, isBad: false },
    of: ({ input_tokens, output_tokens }) => input_tokens + output_tokens,
    ofSum: ({ input_tokens, output_tokens }) => input_tokens + output_tokens,
  },
  errors: {
    ...{ unit: "number", addsUp: true, isBad: true },
    of: ({ error_count }) => error_count,
    ofSum: ({ errors }) => errors,
  },
  latency: {
    ...{ unit: "duration", addsUp: false, isBad: true },
    of: ({ avg_duration_ms }) => avg_duration_ms,
    ofSum: ({ avg_duration_ms }) => avg_duration_ms,
  },
};

export const GROUPS = ["agent", "model", "provider", "user", "channel"] as const;
export type Group = (typeof GROUPS)[number];

export const toMeasure = (text: string | undefined): Measure => MEASURES.find((name) => name === text) ?? "requests";
export const toGroup = (text: string | undefined): Group => GROUPS.find((name) => name === text) ?? "agent";
