import { LIMITS } from "#base/limits.ts";
import { defineMethod } from "#core/live/rpc-method.ts";
import { toHistory } from "#features/live-chat/to-history.ts";
import type { Message } from "#runtime/transcript/index.ts";

/** Clients of protocol v3 know no pages of a conversation. They get its newest messages. */
const NEWEST = { limit: LIMITS.listMax, from_end: true };

export const liveChatMethods = [
  defineMethod({ name: "chat.session.status", operation: "chat.session-status" }),
  defineMethod<{ readonly messages: readonly Message[] }>({
    name: "chat.history",
    operation: "sessions.messages",
    toInput: ({ sessionKey, session_key, ...page }) => ({ ...NEWEST, ...page, key: sessionKey ?? session_key }),
    toPayload: ({ messages }) => ({ messages: messages.flatMap(toHistory) }),
  }),
];
