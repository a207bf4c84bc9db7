import type { ToolEnvironment } from "#runtime/tools/index.ts";
import { ToolError } from "#runtime/tools/index.ts";

/** Selects the sessions that a tool may see: those of the run's agent with the run's user. */
export const ownSessions = ({ db, agentId, userId }: ToolEnvironment) =>
  db.read.selectFrom("sessions").where("agent_id", "=", agentId).where("user_id", "=", userId);

/** Returns the session of this key. Throws `ToolError` if it is missing or not one of the run's own. */
export async function getOwnSession(environment: ToolEnvironment, key: string) {
  const session = await ownSessions(environment).selectAll().where("key", "=", key).executeTakeFirst();
  if (!session) throw new ToolError(`There is no session ${JSON.stringify(key.slice(0, 200))}.`);
  return session;
}
