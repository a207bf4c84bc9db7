import { LIMITS } from "#base/limits.ts";
import type { InboundMessage } from "#channels/index.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
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
