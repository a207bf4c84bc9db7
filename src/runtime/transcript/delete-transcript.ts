import { deleteMessagesOfSession, selectMessagePath } from "#db/messages/message-path.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { chunk } from "#db/values.ts";

/**
 * Deletes a session with its messages and tool calls. Messages that its branches continue from are moved to a branch.
 * So every message belongs to an existing session, and is deleted with the last session that reaches it.
 */
export async function deleteTranscript(queries: TenantQueries, sessionId: string): Promise<void> {
  await queries.deleteFrom("sessions").where("id", "=", sessionId).execute();
  await deleteMessagesOfSession(queries, sessionId);
  for (const { heir, messageId } of await findHeirs(queries, sessionId)) {
    const path = await selectMessagePath(queries, messageId);
    const remaining = path.filter(({ session_id }) => session_id === sessionId).map(({ id }) => id);
    for (const ids of chunk(remaining)) {
      await queries.updateTable("messages").set({ session_id: heir }).where("id", "in", ids).execute();
    }
  }
  const runs = queries.selectFrom("runs").select("id").where("session_id", "=", sessionId);
  await queries.deleteFrom("tool_calls").where("run_id", "in", runs).execute();
}

/** Deletes the messages of all sessions of an agent. Foreign keys delete its other rows. */
export async function deleteMessagesOfAgent(queries: TenantQueries, agentId: string): Promise<void> {
  const sessions = queries.selectFrom("sessions").select("id").where("agent_id", "=", agentId);
  await queries.deleteFrom("messages").where("session_id", "in", sessions).execute();
}

/** A session that continues from a message of the deleted session. */
interface Heir {
  readonly heir: string;
  /** The last message that both have in common. */
  readonly messageId: string;
}

async function findHeirs(queries: TenantReads, sessionId: string): Promise<readonly Heir[]> {
  const remaining = queries.selectFrom("messages").select("id").where("session_id", "=", sessionId);
  // Most sessions have no branches, so there is usually no need to search the tenant's other sessions.
  if (!(await remaining.limit(1).executeTakeFirst())) return [];
  const heads = await queries
    .selectFrom("sessions")
    .select(["id", "head_id"])
    .where("head_id", "in", remaining)
    .execute();
  const children = await queries
    .selectFrom("messages")
    .select(["session_id", "parent_id"])
    .where("parent_id", "in", remaining)
    .where("session_id", "<>", sessionId)
    .execute();
  return [
    ...heads.map(({ id, head_id }) => ({ heir: id, messageId: head_id ?? "" })),
    ...children.map(({ session_id, parent_id }) => ({ heir: session_id, messageId: parent_id ?? "" })),
  ];
}
