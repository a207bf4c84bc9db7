import { deleteMessagesOfSession, selectMessagePath } from "#db/message-path.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { chunk } from "#db/values.ts";

/**
 * Deletes the messages of a session that is gone. Those that its branches go on from become theirs, so that every
 * message belongs to a session that exists, and goes with the last one that reaches it.
 */
export async function deleteTranscript(queries: TenantQueries, sessionId: string): Promise<void> {
  await deleteMessagesOfSession(queries, sessionId);
  for (const { heir, messageId } of await findHeirs(queries, sessionId)) {
    const path = await selectMessagePath(queries, messageId);
    const left = path.filter(({ session_id }) => session_id === sessionId).map(({ id }) => id);
    for (const some of chunk(left)) {
      await queries.updateTable("messages").set({ session_id: heir }).where("id", "in", some).execute();
    }
  }
}

interface Heir {
  readonly heir: string;
  /** The last message that it has in common with the session that is gone. */
  readonly messageId: string;
}

async function findHeirs(queries: TenantQueries, sessionId: string): Promise<readonly Heir[]> {
  const left = queries.selectFrom("messages").select("id").where("session_id", "=", sessionId);
  // Mostly nobody goes on from it, and the tenant's sessions need not be gone through.
  if (!(await left.limit(1).executeTakeFirst())) return [];
  const heads = await queries.selectFrom("sessions").select(["id", "head_id"]).where("head_id", "in", left).execute();
  const children = await queries
    .selectFrom("messages")
    .select(["session_id", "parent_id"])
    .where("parent_id", "in", left)
    .where("session_id", "<>", sessionId)
    .execute();
  return [
    ...heads.map(({ id, head_id }) => ({ heir: id, messageId: head_id ?? "" })),
    ...children.map(({ session_id, parent_id }) => ({ heir: session_id, messageId: parent_id ?? "" })),
  ];
}
