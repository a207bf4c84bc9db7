import { type Clock, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { EventBus } from "#core/events/events.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import type { AgentDirectory, StoredAgent } from "#features/agents/index.ts";
import { delegationStarted } from "#features/delegation/events.ts";
import type { RunEngine } from "#runtime/engine/index.ts";
import type { RunRequest } from "#runtime/runs/index.ts";
import type { CallPlace, ToolEnvironment } from "#runtime/tools/index.ts";

export interface TaskDependencies {
  readonly agents: AgentDirectory;
  /** The engine exists only after its tools. */
  readonly engine: () => RunEngine;
  readonly clock: Clock;
  readonly events: EventBus;
}

/** A task that a run gives to an agent. */
export interface NewTask {
  readonly target: StoredAgent;
  readonly task: string;
  readonly mode: "sync" | "async";
  /** A name for the task that the model chose, or "". */
  readonly label: string;
  /** The ids of the agents above the target. */
  readonly path: readonly string[];
  readonly instructions: string;
}

export interface StartedTask {
  readonly id: string;
  readonly childRunId: string;
}

/** Returns the task that a call started before. */
export async function findTask(queries: TenantReads, { runId, callId }: CallPlace): Promise<StartedTask | undefined> {
  const row = await queries
    .selectFrom("delegations")
    .select(["id", "child_run_id"])
    .where("parent_run_id", "=", runId)
    .where("parent_call_id", "=", callId)
    .executeTakeFirst();
  return row && { id: row.id, childRunId: row.child_run_id };
}

/** Returns the ids of the agents above a task of the run: its own, and those that handed it its task. */
export async function pathOf(queries: TenantReads, agentId: string, { runId }: CallPlace): Promise<readonly string[]> {
  const own = queries.selectFrom("delegations").select("path").where("child_run_id", "=", runId);
  const row = await own.executeTakeFirst();
  return [...(row ? fromJson<readonly string[]>(row.path) : []), agentId];
}

/** Starts the run of a task, with its record in the same transaction. */
export async function startTask(
  { engine, clock, events }: TaskDependencies,
  environment: ToolEnvironment,
  call: CallPlace,
  task: NewTask,
): Promise<StartedTask> {
  const { db } = environment;
  const id = newId();
  const now = toTimestamp(clock.now());
  const record = recordOf(environment, call, task, { id, now });
  try {
    const request = toRequest(environment, call, task, id, record);
    const { runId } = await engine().accept({ db, requestId: call.runId, traceHeaders: call.traceHeaders }, request);
    events.publish(delegationStarted, {
      ...{ tenantId: db.tenantId, entityId: id, userId: environment.userId },
      payload: {
        ...{ source_agent_id: environment.agentId, source_agent_key: environment.agentKey },
        ...{ target_agent_id: task.target.id, target_agent_key: task.target.key },
        ...{ mode: task.mode, status: "running", task: task.task.slice(0, LIMITS.previewChars), created_at: now },
      },
    });
    return { id, childRunId: runId };
  } catch (thrown) {
    // Another attempt of the same call was faster.
    const found = isUniqueViolation(thrown) ? await findTask(db.read, call) : undefined;
    if (found) return found;
    throw thrown;
  }
}

type Record = (queries: TenantQueries, childRunId: string) => Promise<void>;

const recordOf =
  (
    { agentId, agentKey, userId, sessionKey }: ToolEnvironment,
    { runId, callId }: CallPlace,
    { target, task, mode, label, path }: NewTask,
    { id, now }: { readonly id: string; readonly now: string },
  ): Record =>
  async (queries, childRunId) => {
    const row = {
      ...{ id, source_agent_id: agentId, source_agent_key: agentKey },
      ...{ target_agent_id: target.id, target_agent_key: target.key, user_id: userId },
      ...{ task, mode, label, status: "running", result: null, error: null, iterations: 0, path: toJson(path) },
      ...{ parent_run_id: runId, parent_call_id: callId, session_key: sessionKey, child_run_id: childRunId },
      ...{ trace_id: null, duration_ms: null, completed_at: null, delivered_at: null },
      ...{ created_at: now, updated_at: now },
    };
    await queries.insertInto("delegations", row).execute();
  };

function toRequest(
  { userId }: ToolEnvironment,
  { runId, left }: CallPlace,
  { target, task, instructions }: NewTask,
  id: string,
  record: Record,
): RunRequest {
  return {
    agent: { id: target.id, key: target.key },
    session: {
      key: (suffix) => `agent:${target.key}:delegate-${suffix}`,
      agentId: target.id,
      agentKey: target.key,
      userId,
      channel: "delegate",
      mayUseAny: false,
    },
    kind: "delegate",
    isAttached: false,
    onBusy: "queue",
    messages: [{ role: "user", parts: [{ type: "text", text: task }] }],
    options: { settings: {}, clientTools: [], instructions, ...left() },
    metadata: { delegation_id: id },
    parentRunId: runId,
    onStored: record,
  };
}
