import { defineMethod } from "#core/live/rpc-method.ts";

export const liveChatMethods = [defineMethod({ name: "chat.session.status", operation: "chat.session-status" })];
