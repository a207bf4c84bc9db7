import type { ChatTarget } from "#channels/index.ts";

/** Returns the key of a chat in its instance. Messages of one chat are handled, and sent, one after the other. */
export const chatKeyOf = ({ kind, chatId, threadId }: ChatTarget): string =>
  threadId === undefined ? `${kind}:${chatId}` : `${kind}:${chatId}:topic:${threadId}`;

/** Returns the key of a group without its topics, which share their members. */
export const groupSubject = ({ chatId }: Pick<ChatTarget, "chatId">): string => `group:${chatId}`;
