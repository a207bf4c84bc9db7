import { type Clock, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import type { AgentDirectory, StoredAgent } from "#features/agents/index.ts";
import type { Colleague, FindColleagues } from "#features/delegation/links/outgoing-links.ts";
import type { RunEngine } from "#runtime/engine/index.ts";
import type { RunRequest } from "#runtime/runs/index.ts";
import { type CallPlace, type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";

export interface HandOnDependencies {
  readonly find: FindColleagues;
  readonly agents: AgentDirectory;
  /** The engine exists only after its tools. */
  readonly engine: () => RunEngine;
  readonly clock: Clock;
}

/** A task that a model hands on. */
export interface Task {
  readonly key: string;
  readonly task: string;
  readonly mode: "sync" | "async";
}

export interface HandedOn {
  readonly id: string;
  readonly childRunId: string;
}

/**
 * Starts the run of a task, with its record in the same transaction. A call that did so before gets the same task.
 * Throws `ToolError` for an agent without a link, and where a limit is reached.
 */
export async function handOn(
  dependencies: HandOnDependencies,
  environment: ToolEnvironment,
  call: CallPlace,
  task: Task,
): Promise<HandedOn> {
  const { db } = environment;
  const earlier = await findByCall(db.read, call);
  if (earlier) return earlier;
  const colleague = await getColleague(dependencies, environment, task.key);
  const target = await dependencies.agents.find(db, colleague.agentId);
  if (target?.status !== "active") throw new ToolError(`The agent ${task.key} is not active.`);
  const path = await pathOf(db.read, environment, call);
  requireShortPath(path, target);
  await requireRoom(db.read, { call, colleague, target, from: environment.agentId });

  const id = newId();
  const now = toTimestamp(dependencies.clock.now());
  const record = async (queries: TenantQueries, childRunId: string) => {
    const row = {
      id,
      source_agent_id: environment.agentId,
      source_agent_key: environment.agentKey,
      target_agent_id: target.id,
      target_agent_key: target.key,
      user_id: environment.userId,
      task: task.task,
      mode: task.mode,
      status: "running",
      result: null,
      error: null,
      iterations: 0,
      path: toJson(path),
      parent_run_id: call.runId,
      parent_call_id: call.callId,
      session_key: environment.sessionKey,
      child_run_id: childRunId,
      trace_id: null,
      duration_ms: null,
      completed_at: null,
      delivered_at: null,
      created_at: now,
      updated_at: now,
    };
    await queries.insertInto("delegations", row).execute();
  };
  const request = toRequest(environment, call, target, { id, task, record });
  try {
    const { runId } = await dependencies.engine().accept({ db, requestId: call.runId }, request);
    return { id, childRunId: runId };
  } catch (thrown) {
    // Another attempt of the same call was faster.
    const found = isUniqueViolation(thrown) ? await findByCall(db.read, call) : undefined;
    if (found) return found;
    throw thrown;
  }
}

async function findByCall(queries: TenantReads, { runId, callId }: CallPlace): Promise<HandedOn | undefined> {
  const row = await queries
    .selectFrom("delegations")
    .select(["id", "child_run_id"])
    .where("parent_run_id", "=", runId)
    .where("parent_call_id", "=", callId)
    .executeTakeFirst();
  return row && { id: row.id, childRunId: row.child_run_id };
}

async function getColleague(
  { find }: HandOnDependencies,
  { db, agentId, userId }: ToolEnvironment,
  key: string,
): Promise<Colleague> {
  const colleague = (await find(db, agentId)).find(({ agentKey }) => agentKey === key.trim().toLowerCase());
  if (!colleague) throw new ToolError(`You cannot hand tasks to an agent ${JSON.stringify(key)}.`);
  const { user_allow: allowed = [], user_deny: denied = [] } = colleague.link.settings;
  if (denied.includes(userId) || (allowed.length > 0 && !allowed.includes(userId))) {
    throw new ToolError(`The agent ${key} does not work for this user.`);
  }
  return colleague;
}

/** Returns the ids of the agents above the target: the one that hands on, and those that handed to it. */
async function pathOf(
  queries: TenantReads,
  { agentId }: ToolEnvironment,
  { runId }: CallPlace,
): Promise<readonly string[]> {
  const own = queries.selectFrom("delegations").select("path").where("child_run_id", "=", runId);
  const row = await own.executeTakeFirst();
  return [...(row ? fromJson<readonly string[]>(row.path) : []), agentId];
}

function requireShortPath(path: readonly string[], target: StoredAgent): void {
  if (path.includes(target.id)) throw new ToolError(`The agent ${target.key} waits for this task itself.`);
  if (path.length >= LIMITS.delegationDepth) {
    throw new ToolError("This task was handed on too often. Do it yourself, or say that it cannot be done.");
  }
}

interface Place {
  readonly call: CallPlace;
  readonly colleague: Colleague;
  readonly target: StoredAgent;
  readonly from: string;
}

/** Throws `ToolError` if a limit of the run, of the link or of the target is reached. */
async function requireRoom(queries: TenantReads, { call, colleague, target, from }: Place): Promise<void> {
  const rows = queries.selectFrom("delegations");
  const ofRun = await rows.select("id").where("parent_run_id", "=", call.runId).execute();
  if (ofRun.length >= LIMITS.delegationsPerRun) throw new ToolError("This run has handed on too many tasks.");
  const open = await rows
    .select("source_agent_id")
    .where("target_agent_id", "=", target.id)
    .where("status", "=", "running")
    .execute();
  const load = Number(target.settings.other_config?.max_delegation_load ?? LIMITS.delegationLoad);
  const onLink = open.filter(({ source_agent_id }) => source_agent_id === from).length;
  if (open.length >= load || onLink >= colleague.link.max_concurrent) {
    throw new ToolError(`The agent ${target.key} has too many tasks at the moment. Try again later.`);
  }
}

interface Recorded {
  readonly id: string;
  readonly task: Task;
  readonly record: (queries: TenantQueries, childRunId: string) => Promise<void>;
}

function toRequest(
  { userId, agentKey }: ToolEnvironment,
  { runId }: CallPlace,
  target: StoredAgent,
  { id, task, record }: Recorded,
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
    messages: [{ role: "user", parts: [{ type: "text", text: task.task }] }],
    options: {
      settings: {},
      clientTools: [],
      instructions: `The agent ${agentKey} hands you this task. Your last answer goes to it alone.`,
    },
    metadata: { delegation_id: id },
    parentRunId: runId,
    onStored: record,
  };
}
