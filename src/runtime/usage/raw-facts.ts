import { type AliasableExpression, type RawBuilder, sql } from "kysely";
import { jsonText } from "#db/expressions/json-text.ts";
import { quarterOf } from "#db/expressions/quarter-of.ts";
import type { Select, TenantReads } from "#db/tenant-queries.ts";
import { DIMENSIONS, MEASURES, type UsageFact } from "#runtime/usage/fact-columns.ts";

/** A query for facts, which can be joined to another one. */
export type FactQuery = AliasableExpression<UsageFact> & { unionAll(other: FactQuery): FactQuery };

const ZERO = sql<number>`0`;
const ONE = sql<number>`1`;
const NO_CALL = {
  llm_calls: ZERO,
  input_tokens: ZERO,
  output_tokens: ZERO,
  cache_read_tokens: ZERO,
  cache_write_tokens: ZERO,
  reasoning_tokens: ZERO,
  cost_nanos: ZERO,
};
const NO_REQUEST = { requests: ZERO, errors: ZERO, duration_ms: ZERO, tool_calls: ZERO, open: ZERO };

/** A run that another run started is part of the work on its request, and no request of its own. */
const ofRequest = (value: string) =>
  sql<number>`case when runs.parent_run_id is null then ${sql.raw(value)} else 0 end`;

/**
 * The requests behind runs, and their tool calls. All usage of a run counts at the time when the run was accepted, and
 * a request counts for the model that answered it last.
 */
const requestFacts = (runs: Select<"runs">, { dialect }: TenantReads): FactQuery =>
  toFacts(runs, {
    bucket: quarterOf(dialect, "runs.created_at"),
    user_id: sql.ref("runs.user_id"),
    agent_id: sql.ref("runs.agent_id"),
    channel: sql.ref("runs.channel"),
    provider: jsonText(dialect, "runs.answered_by", "provider"),
    model: jsonText(dialect, "runs.answered_by", "model"),
    ...NO_CALL,
    requests: ofRequest("1"),
    errors: ofRequest("case when runs.status = 'failed' then 1 else 0 end"),
    duration_ms: ofRequest("coalesce(runs.duration_ms, 0)"),
    tool_calls: sql.ref("runs.tool_calls"),
    open: ofRequest("case when runs.ended_at is null then 1 else 0 end"),
  });

const ofCalls = {
  ...NO_REQUEST,
  agent_id: sql.ref("usage_records.agent_id"),
  user_id: sql.ref("usage_records.user_id"),
  provider: sql.ref("usage_records.provider"),
  model: sql.ref("usage_records.model"),
  llm_calls: ONE,
  input_tokens: sql.ref("usage_records.input_tokens"),
  output_tokens: sql.ref("usage_records.output_tokens"),
  cache_read_tokens: sql.ref("usage_records.cache_read_tokens"),
  cache_write_tokens: sql.ref("usage_records.cache_write_tokens"),
  reasoning_tokens: sql.ref("usage_records.reasoning_tokens"),
  cost_nanos: sql<number>`cast(round(usage_records.cost * 1000000000) as bigint)`,
};

/** The model calls of runs. */
const callFacts = (runs: Select<"runs">, { dialect }: TenantReads): FactQuery =>
  toFacts(runs.innerJoin("usage_records", "usage_records.run_id", "runs.id") as unknown as Select<"runs">, {
    ...ofCalls,
    bucket: quarterOf(dialect, "runs.created_at"),
    channel: sql.ref("runs.channel"),
  });

/** The facts of runs, as they are stored now. `runs` is called for each part, because a query is used once. */
export const factsOfRuns = (queries: TenantReads, runs: () => Select<"runs">): FactQuery =>
  requestFacts(runs(), queries).unionAll(callFacts(runs(), queries));

/** The same without model calls. */
export const factsOfRequests = (queries: TenantReads, runs: Select<"runs">): FactQuery =>
  requestFacts(runs.where("runs.parent_run_id", "is", null), queries);

/** The facts of model calls that belong to no run, such as those that write titles. */
export const factsOfRecords = (queries: TenantReads, records: Select<"usage_records">): FactQuery =>
  toFacts(records, {
    ...ofCalls,
    bucket: quarterOf(queries.dialect, "usage_records.created_at"),
    channel: sql<string>`''`,
  });

type Columns = Readonly<Record<keyof UsageFact, RawBuilder<unknown>>>;

/** The order of the columns in every query for facts. */
const COLUMNS: readonly (keyof UsageFact)[] = [...DIMENSIONS, ...MEASURES, "open"];

/** Selects the columns of a fact from any table. */
export function toFacts<Table extends "runs" | "usage_records" | "usage_rollups" | "usage_users">(
  query: Select<Table>,
  columns: Columns,
): FactQuery {
  // Safe: the columns have the names and the types of a fact.
  const anyQuery = query as unknown as Select<"runs">;
  return anyQuery.select(COLUMNS.map((name) => columns[name].as(name))) as unknown as FactQuery;
}
