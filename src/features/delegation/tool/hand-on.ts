import { LIMITS } from "#base/limits.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import type { StoredAgent } from "#features/agents/index.ts";
import type { Colleague, FindColleagues } from "#features/delegation/links/outgoing-links.ts";
import { requireRunRoom } from "#features/delegation/tool/require-run-room.ts";
import {
  findTask,
  pathOf,
  type StartedTask,
  startTask,
  type TaskDependencies,
} from "#features/delegation/tool/start-task.ts";
import { type CallPlace, type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";

export interface HandOnDependencies extends TaskDependencies {
  readonly find: FindColleagues;
}

/** A task that a model hands to another agent. */
export interface HandedTask {
  readonly key: string;
  readonly task: string;
  readonly mode: "sync" | "async";
}

/**
 * Hands a task to another agent. A call that did so before gets the same task. Throws `ToolError` for an agent without a
 * link, and where a limit is reached.
 */
export async function handOn(
  dependencies: HandOnDependencies,
  environment: ToolEnvironment,
  call: CallPlace,
  { key, task, mode }: HandedTask,
): Promise<StartedTask> {
  const { db, agentId, agentKey } = environment;
  const earlier = await findTask(db.read, call);
  if (earlier) return earlier;
  const colleague = await getColleague(dependencies, environment, key);
  const target = await dependencies.agents.find(db, colleague.agentId);
  if (target?.status !== "active") throw new ToolError(`The agent ${key} is not active.`);
  const path = await pathOf(db.read, agentId, call);
  requireShortPath(path, target);
  await requireRunRoom(db.read, call);
  await requireLinkRoom(db.read, { colleague, target, from: agentId });
  const instructions = `The agent ${agentKey} hands you this task. Your last answer goes to it alone.`;
  return startTask(dependencies, environment, call, { target, task, mode, label: "", path, instructions });
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

function requireShortPath(path: readonly string[], target: StoredAgent): void {
  if (path.includes(target.id)) throw new ToolError(`The agent ${target.key} waits for this task itself.`);
  if (path.length >= LIMITS.delegationDepth) {
    throw new ToolError("This task was handed on too often. Do it yourself, or say that it cannot be done.");
  }
}

interface LinkPlace {
  readonly colleague: Colleague;
  readonly target: StoredAgent;
  readonly from: string;
}

/** Throws `ToolError` if the link or the target has too many tasks. */
async function requireLinkRoom(queries: TenantReads, { colleague, target, from }: LinkPlace): Promise<void> {
  const open = await queries
    .selectFrom("delegations")
    .select("source_agent_id")
    .where("target_agent_id", "=", target.id)
    .where("source_agent_id", "<>", target.id)
    .where("status", "=", "running")
    .execute();
  const load = Number(target.settings.other_config?.max_delegation_load ?? LIMITS.delegationLoad);
  const onLink = open.filter(({ source_agent_id }) => source_agent_id === from).length;
  if (open.length >= load || onLink >= colleague.link.max_concurrent) {
    throw new ToolError(`The agent ${target.key} has too many tasks at the moment. Try again later.`);
  }
}
