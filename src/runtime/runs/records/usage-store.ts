import { newId } from "#base/ids.ts";
import { insertRow } from "#db/insert-rows.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import type { RunTotals } from "#runtime/runs/end-run.ts";
import type { Usage } from "#runtime/runs/run-schema.ts";

/** The usage and cost of one model call. */
export interface UsageRecord {
  readonly agentId: string;
  readonly userId: string;
  readonly provider: string;
  readonly model: string;
  readonly usage: Usage;
  /** US dollars. */
  readonly cost: number;
}

/** The run id of usage that belongs to no run. */
export const NO_RUN = "";

/** Inserts a record and returns its id. */
export async function insertUsage(
  queries: TenantQueries,
  runId: string,
  sessionId: string,
  { agentId, userId, provider, model, usage, cost }: UsageRecord,
  now: string,
): Promise<string> {
  const id = newId();
  await insertRow(queries, "usage_records", {
    id,
    run_id: runId,
    agent_id: agentId,
    session_id: sessionId,
    user_id: userId,
    provider,
    model,
    ...usage,
    cost,
    is_counted: toBit(false),
    created_at: now,
  });
  return id;
}

/** Sums the stored usage of a run's model calls, and counts its tool calls. A resumed run continues from there. */
export async function sumUsage(queries: TenantReads, runId: string): Promise<RunTotals> {
  const row = await queries
    .selectFrom("usage_records")
    .select(({ fn }) => [
      fn.sum<number | null>("input_tokens").as("input_tokens"),
      fn.sum<number | null>("output_tokens").as("output_tokens"),
      fn.sum<number | null>("cache_read_tokens").as("cache_read_tokens"),
      fn.sum<number | null>("cache_write_tokens").as("cache_write_tokens"),
      fn.sum<number | null>("reasoning_tokens").as("reasoning_tokens"),
      fn.sum<number | null>("cost").as("cost"),
    ])
    .where("run_id", "=", runId)
    .executeTakeFirstOrThrow();
  const tools = await queries
    .selectFrom("tool_calls")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("run_id", "=", runId)
    .where("state", "<>", "client")
    .executeTakeFirstOrThrow();
  const usage = {
    input_tokens: Number(row.input_tokens ?? 0),
    output_tokens: Number(row.output_tokens ?? 0),
    cache_read_tokens: Number(row.cache_read_tokens ?? 0),
    cache_write_tokens: Number(row.cache_write_tokens ?? 0),
    reasoning_tokens: Number(row.reasoning_tokens ?? 0),
  };
  return { usage, cost: Number(row.cost ?? 0), toolCalls: Number(tools.count) };
}
