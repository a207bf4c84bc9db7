import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { MESSAGE_COLUMNS } from "#db/messages/message-columns.ts";
import { parseItemId } from "#features/responses/response-ids.ts";
import { findClientCalls, type MessagePart, type NewMessage, toMessage } from "#runtime/transcript/index.ts";

/** Whose stored items a request may name. */
export interface ItemOwner {
  readonly agentId: string;
  readonly userId: string;
  /** True for administrators, who may name the items of other users. */
  readonly mayUseAny: boolean;
}

/** Returns the stored items with these ids, by id. Leaves out those that are gone or belong to others. */
export async function findItems(
  ctx: Context,
  ids: readonly string[],
  { agentId, userId, mayUseAny }: ItemOwner,
): Promise<ReadonlyMap<string, NewMessage>> {
  const named = ids.flatMap((id) => {
    const item = parseItemId(id);
    return item ? [{ id, item }] : [];
  });
  if (named.length === 0) return new Map();
  const callIds = named.flatMap(({ item }) => (item.kind === "call" ? [item.callId] : []));
  const calls = await findClientCalls(ctx.db.read, callIds, agentId, mayUseAny ? undefined : userId);
  const messageOfCall = new Map(calls.map(({ id, messageId }) => [id, messageId]));
  const messageIds = named.flatMap(({ item }) => (item.kind === "call" ? [] : [item.messageId]));
  messageIds.push(...messageOfCall.values());
  if (messageIds.length === 0) return new Map();
  const rows = await ctx.db.read
    .selectFrom("messages")
    .innerJoin("sessions", "sessions.id", "messages.session_id")
    .select(MESSAGE_COLUMNS)
    .where("messages.id", "in", messageIds)
    .where("sessions.agent_id", "=", agentId)
    .$if(!mayUseAny, (query) => query.where("sessions.user_id", "=", userId))
    .execute();
  const messages = new Map(rows.map((row) => [row.id, toMessage(row)]));
  const found = new Map<string, NewMessage>();
  for (const { id, item } of named) {
    const messageId = item.kind === "call" ? messageOfCall.get(item.callId) : item.messageId;
    const message = messages.get(messageId ?? "");
    const isNamed = (part: MessagePart) =>
      item.kind === "call"
        ? part.type === "tool_call" && part.id === item.callId
        : (part.type === "reasoning") === (item.kind === "reasoning") && part.type !== "tool_call";
    if (message) found.set(id, { role: message.role, parts: message.parts.filter(isNamed) });
  }
  return found;
}

/** 404: no stored item of this caller has the id. */
export const itemNotFound = (id: string) => notFound("item", id.slice(0, 100));
