import type { ChatTarget, InboundMessage } from "#channels/index.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";

/** Messages that the agent answered make a chat known. Nobody is written to who has not written first. */
const KNOWN_STATES = ["accepted", "answered"];
const MAX_NAMED = 10;

/** Returns the chat that a model means: by the key of the chat, or by the platform's id alone. */
export async function findKnownChat(
  queries: TenantReads,
  instanceId: string,
  wanted: string,
): Promise<ChatTarget | undefined> {
  const keys = [wanted, `direct:${wanted}`, `group:${wanted}`];
  const row = await queries
    .selectFrom("channel_inbound")
    .select("message")
    .where("instance_id", "=", instanceId)
    .where("chat_key", "in", keys)
    .where("state", "in", KNOWN_STATES)
    .where("run_id", "is not", null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && fromJson<InboundMessage>(row.message).target;
}

/** Returns the keys of some known chats, for a model that names an unknown one. */
export async function nameKnownChats(queries: TenantReads, instanceId: string): Promise<readonly string[]> {
  const rows = await queries
    .selectFrom("channel_inbound")
    .select("chat_key")
    .distinct()
    .where("instance_id", "=", instanceId)
    .where("state", "in", KNOWN_STATES)
    .where("run_id", "is not", null)
    .limit(MAX_NAMED)
    .execute();
  return rows.map(({ chat_key }) => chat_key);
}
