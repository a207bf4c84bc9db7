import { idBound, newId, type TenantId } from "#base/ids.ts";
import type { Database } from "#db/database.ts";
import { insertRow } from "#db/insert-rows.ts";
import { toBit, toJson } from "#db/values.ts";
import { NO_RUN, NO_USAGE } from "#runtime/runs/index.ts";

/** A model call of a stored run. */
export interface StoredCall {
  readonly provider: string;
  readonly model: string;
  readonly input: number;
  readonly output: number;
  /** Billionths of a US dollar. */
  readonly nanos: number;
}

/** A run as a test wants it in the database. */
export interface StoredRun {
  readonly agentId: string;
  readonly userId: string;
  readonly channel: string;
  readonly at: Date;
  /** Milliseconds, or undefined for a run that is open. */
  readonly duration: number | undefined;
  readonly status: "completed" | "failed" | "cancelled" | "running";
  readonly toolCalls: number;
  readonly calls: readonly StoredCall[];
  readonly parentId?: string | undefined;
}

/** Returns an id that sorts by a time, as those of rows that are made then do. */
const idAt = (at: Date): string => `${idBound(at)}${newId().slice(13)}`;

/** Stores runs with their model calls, as if they had happened. Returns their ids. */
export async function storeRuns(
  database: Database,
  tenantId: TenantId,
  runs: readonly StoredRun[],
): Promise<readonly string[]> {
  const ids = runs.map(({ at }) => idAt(at));
  await database.forTenant(tenantId).write(async (queries) => {
    for (const [index, run] of runs.entries()) {
      const id = ids[index] ?? "";
      const created_at = run.at.toISOString();
      const last = run.calls.at(-1);
      const sum = (key: "input" | "output" | "nanos") => run.calls.reduce((total, call) => total + call[key], 0);
      await insertRow(queries, "runs", {
        id,
        agent_id: run.agentId,
        agent_key: "a",
        session_id: id,
        session_key: `s:${id}`,
        user_id: run.userId,
        kind: "chat",
        status: run.status,
        is_attached: toBit(false),
        is_resumable: toBit(true),
        finish: run.status === "completed" ? "stop" : null,
        attempt: 1,
        deaths: 0,
        queue_priority: 0,
        // A run that is open belongs to a process that lives for ever.
        lease_owner: run.duration === undefined ? "elsewhere:1" : null,
        lease_until: run.duration === undefined ? "9999-01-01T00:00:00.000Z" : null,
        cancel_reason: null,
        last_seq: 1,
        pending_input: null,
        input_preview: `question of ${run.userId}`,
        options: "{}",
        output: run.status === "completed" ? "an answer" : null,
        error: null,
        answered_by: last && run.duration !== undefined ? toJson({ provider: last.provider, model: last.model }) : null,
        usage: toJson({ ...NO_USAGE, input_tokens: sum("input"), output_tokens: sum("output") }),
        cost: sum("nanos") / 1e9,
        trace_id: id.replaceAll("-", ""),
        parent_run_id: run.parentId ?? null,
        metadata: "{}",
        channel: run.channel,
        duration_ms: run.duration ?? null,
        tool_calls: run.duration === undefined ? 0 : run.toolCalls,
        input_tokens: run.duration === undefined ? 0 : sum("input"),
        output_tokens: run.duration === undefined ? 0 : sum("output"),
        is_counted: toBit(false),
        trace_parent: null,
        trace_state: null,
        created_at,
        started_at: created_at,
        ended_at: run.duration === undefined ? null : new Date(run.at.getTime() + run.duration).toISOString(),
      });
      for (const call of run.calls) await storeCall(queries, id, run, call);
    }
  });
  return ids;
}

type Queries = Parameters<typeof insertRow>[0];

const storeCall = (
  queries: Queries,
  runId: string,
  run: Pick<StoredRun, "agentId" | "userId" | "at">,
  call: StoredCall,
) =>
  insertRow(queries, "usage_records", {
    id: idAt(run.at),
    run_id: runId,
    agent_id: run.agentId,
    session_id: runId,
    user_id: run.userId,
    provider: call.provider,
    model: call.model,
    input_tokens: call.input,
    output_tokens: call.output,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
    cost: call.nanos / 1e9,
    is_counted: toBit(false),
    created_at: run.at.toISOString(),
  });

/** Stores a model call that belongs to no run, such as one that writes a title. */
export const storeLooseCall = (
  database: Database,
  tenantId: TenantId,
  run: Pick<StoredRun, "agentId" | "userId" | "at">,
  call: StoredCall,
): Promise<void> => database.forTenant(tenantId).write((queries) => storeCall(queries, NO_RUN, run, call));
