import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { defineMethod, type RpcParams } from "#core/live/rpc-method.ts";
import { fromJson } from "#db/values.ts";
import { getSessionRow } from "#features/sessions/repository.ts";
import { toHistory } from "#features/sessions/rpc/to-history.ts";
import type { MessageList } from "#features/sessions/schema.ts";

/** Clients of protocol v3 know no pages of a conversation. They get its newest messages. */
const NEWEST = { limit: LIMITS.listMax, from_end: true };
const DONE = { ok: true };

const keyOf = ({ key, sessionKey, session_key }: RpcParams): unknown => key ?? sessionKey ?? session_key;

export const sessionMethods = [
  defineMethod<MessageList>({
    name: "chat.history",
    operation: "sessions.messages",
    toInput: (params) => ({ ...NEWEST, ...params, key: keyOf(params) }),
    toPayload: ({ messages }) => ({ messages: messages.flatMap(toHistory) }),
  }),
  defineMethod<MessageList>({
    name: "sessions.preview",
    operation: "sessions.messages",
    toInput: (params) => ({ ...NEWEST, key: keyOf(params) }),
    async toPayload({ messages }, params, ctx) {
      const { key, summary } = await getSessionRow(ctx, String(keyOf(params)));
      return { key, messages: messages.flatMap(toHistory), summary };
    },
  }),
  defineMethod({
    name: "sessions.patch",
    operation: "sessions.update",
    /** Metadata is merged here, while the operation replaces it. */
    async toInput({ metadata, ...params }, ctx) {
      if (metadata === null || typeof metadata !== "object") return params;
      const session = await getSessionRow(ctx, String(params.key));
      return { ...params, metadata: { ...fromJson<Record<string, string>>(session.metadata), ...metadata } };
    },
    toPayload: (_, { key }) => ({ ...DONE, key }),
  }),
  defineMethod({ name: "sessions.delete", operation: "sessions.delete", toPayload: () => DONE }),
  defineMethod({ name: "sessions.reset", operation: "sessions.reset", toPayload: () => DONE }),
  defineMethod({
    name: "sessions.compact",
    operation: "sessions.compact",
    toInput: ({ key }) => ({ key }),
    toPayload: async (_, { key }, ctx) => ({ ...DONE, ...(await countMessages(ctx, String(key))) }),
    async onRefusal({ options: { reason } }, { key }, ctx) {
      if (reason !== "nothing_to_compact") return undefined;
      const { kept } = await countMessages(ctx, String(key));
      return { ...DONE, message: "session too short to compact", kept };
    },
  }),
  defineMethod({ name: "usage.get", operation: "sessions.usage" }),
  defineMethod({ name: "usage.summary", operation: "sessions.usage-by-agent" }),
];

/** Counts the messages of a session, and those that the model reads in full. */
async function countMessages(ctx: Context, key: string) {
  const { message_count: original, summary_until_id: until } = await getSessionRow(ctx, key);
  if (until === null) return { original, kept: original };
  const covered = await ctx.db.read.selectFrom("messages").select("depth").where("id", "=", until).executeTakeFirst();
  return { original, kept: original - (covered ? covered.depth + 1 : 0) };
}
