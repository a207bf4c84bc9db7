import { LIMITS } from "#base/limits.ts";
import type { InboundMessage } from "#channels/index.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";

/**
 * The states of a message that came in. `accepted` has a run, and is `answered` when that run has ended. `remembered` waits
 * for the next message of its group. `refused` got an explanation.
 */
export type InboundState = "received" | "accepted" | "answered" | "remembered" | "ignored" | "refused";

/** A stored message that nobody has handled yet. */
export interface ReceivedMessage {
  readonly id: string;
  readonly message: InboundMessage;
}

/** Reads the messages of a chat that wait, oldest first. */
export async function readReceived(
  queries: TenantReads,
  instanceId: string,
  chatKey: string,
): Promise<readonly ReceivedMessage[]> {
  const rows = await queries
    .selectFrom("channel_inbound")
    .select(["id", "message"])
    .where("instance_id", "=", instanceId)
    .where("chat_key", "=", chatKey)
    .where("state", "=", "received")
    .orderBy("id")
    .limit(LIMITS.channelBatch)
    .execute();
  return rows.map(({ id, message }) => ({ id, message: fromJson<InboundMessage>(message) }));
}

/** Thrown if another process has handled a message. Nothing of this attempt is stored then. */
export class HandledError extends Error {
  override readonly name = "HandledError";
}

/** Marks messages as handled, together with their effect. Throws `HandledError` if one was handled already. */
export async function markHandled(
  queries: TenantQueries,
  messages: readonly ReceivedMessage[],
  state: InboundState,
  runId?: string,
): Promise<void> {
  const ids = messages.map(({ id }) => id);
  const marked = await queries
    .updateTable("channel_inbound")
    .set({ state, run_id: runId ?? null })
    .where("id", "in", ids)
    .where("state", "=", "received" satisfies InboundState)
    .executeTakeFirst();
  if (Number(marked.numUpdatedRows) !== ids.length) throw new HandledError("a message was handled already");
}
