import type { ToolEnvironment } from "#runtime/tools/index.ts";
import { ToolError } from "#runtime/tools/index.ts";

/** The sessions a tool may see: those of the same agent with the same user, whoever that is. */
export const ownSessions = ({ db, agentId, userId }: ToolEnvironment) =>
  db.read.selectFrom("sessions").where("agent_id", "=", agentId).where("user_id", "=", userId);

/** The session of this key, if it is one of the run's own. */
export async function getOwnSession(environment: ToolEnvironment, key: string) {
  const session = await ownSessions(environment).selectAll().where("key", "=", key).executeTakeFirst();
  if (!session) throw new ToolError(`There is no session ${JSON.stringify(key.slice(0, 200))}.`);
  return session;
}
