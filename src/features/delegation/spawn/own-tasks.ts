import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { DelegationsTable } from "#db/delegation-tables.ts";
import { type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";

const SHOWN = 50;

/** Selects the copies that the conversation's agent started here, newest first. */
const ownTasks = ({ db, agentId, sessionKey }: ToolEnvironment) =>
  db.read
    .selectFrom("delegations")
    .selectAll()
    .where("session_key", "=", sessionKey)
    .where("source_agent_id", "=", agentId)
    .where("target_agent_id", "=", agentId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc");

export const openTasksOf = (environment: ToolEnvironment): Promise<DelegationsTable[]> =>
  ownTasks(environment).where("status", "=", "running").execute();

/** Lists the newest tasks as the model reads them. */
export async function listOwnTasks(environment: ToolEnvironment) {
  const rows = await ownTasks(environment).limit(SHOWN).execute();
  return rows.map(({ id, label, status, task, created_at }) => ({
    ...{ id, label, status, created_at },
    task: headOf(task, LIMITS.previewChars),
  }));
}

/** Returns a task by its id or label, or the newest for "last". Throws `ToolError` if there is none. */
export async function findOwnTask(environment: ToolEnvironment, reference = "last"): Promise<DelegationsTable> {
  const rows = await ownTasks(environment).limit(SHOWN).execute();
  const found = reference === "last" ? rows[0] : rows.find(({ id, label }) => id === reference || label === reference);
  if (!found) throw new ToolError(`There is no task ${JSON.stringify(reference)} here.`);
  return found;
}
