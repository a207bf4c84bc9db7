import { toTimestamp } from "#base/clock.ts";
import type { ChatTarget, InboundMessage } from "#channels/index.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import { chatKeyOf, groupSubject } from "#features/channels/inbound/chat-key.ts";

/** A message that the agent has not read yet. */
export interface RememberedMessage {
  readonly name: string;
  readonly text: string;
}

/** Where a group is, and under which id its sessions began. */
interface StoredTarget extends ChatTarget {
  readonly sessionChatId?: string | undefined;
}

export interface ChatState {
  readonly history: readonly RememberedMessage[];
  /** The id of the group in the keys of its sessions. It stays when the platform gives the group a new one. */
  readonly sessionChatId: string;
}

/** Reads what is known of a group. */
export async function readChat(queries: TenantReads, instanceId: string, target: ChatTarget): Promise<ChatState> {
  const keys = [...new Set([chatKeyOf(target), groupSubject(target)])];
  const rows = await queries
    .selectFrom("channel_chats")
    .select(["chat_key", "target", "history"])
    .where("instance_id", "=", instanceId)
    .where("chat_key", "in", keys)
    .execute();
  const own = rows.find(({ chat_key }) => chat_key === chatKeyOf(target));
  const moved = rows.map((row) => fromJson<StoredTarget>(row.target).sessionChatId).find((id) => id !== undefined);
  return { history: fromJson(own?.history ?? "[]"), sessionChatId: moved ?? target.chatId };
}

const MAX_REMEMBERED_CHARS = 4_000;

/** Keeps a message for the agent to read with the next one that is for it. The oldest ones beyond `limit` go. */
export async function rememberMessage(
  queries: TenantQueries,
  instanceId: string,
  message: InboundMessage,
  limit: number,
  now: Date,
): Promise<void> {
  const chat = await lockChat(queries, instanceId, message.target, now);
  const { sender, text, media } = message;
  const files = media.map(({ kind }) => `[${kind}]`);
  const said = { name: sender.name, text: [text, ...files].join(" ").trim().slice(0, MAX_REMEMBERED_CHARS) };
  const history = [...fromJson<RememberedMessage[]>(chat.history), said].slice(-limit);
  await setChat(queries, instanceId, message.target, { history: toJson(history) }, now);
}

export const forgetHistory = (queries: TenantQueries, instanceId: string, target: ChatTarget, now: Date) =>
  setChat(queries, instanceId, target, { history: "[]" }, now);

/** Notes that a group has a new id. Its sessions go on. */
export async function moveGroup(
  queries: TenantQueries,
  instanceId: string,
  from: ChatTarget,
  toChatId: string,
  now: Date,
): Promise<void> {
  const { target } = await lockChat(queries, instanceId, { kind: "group", chatId: from.chatId }, now);
  const { sessionChatId = from.chatId } = fromJson<StoredTarget>(target);
  const next: StoredTarget = { kind: "group", chatId: toChatId, sessionChatId };
  await lockChat(queries, instanceId, next, now);
  await setChat(queries, instanceId, next, { target: toJson(next) }, now);
}

const lockChat = (queries: TenantQueries, instanceId: string, target: ChatTarget, now: Date) =>
  queries.insertOrLock(
    "channel_chats",
    {
      ...{ instance_id: instanceId, chat_key: chatKeyOf(target), target: toJson(target) },
      ...{ history: "[]", updated_at: toTimestamp(now) },
    },
    ["instance_id", "chat_key"],
  );

async function setChat(
  queries: TenantQueries,
  instanceId: string,
  target: ChatTarget,
  values: { readonly history?: string; readonly target?: string },
  now: Date,
): Promise<void> {
  await queries
    .updateTable("channel_chats")
    .set({ ...values, updated_at: toTimestamp(now) })
    .where("instance_id", "=", instanceId)
    .where("chat_key", "=", chatKeyOf(target))
    .execute();
}
