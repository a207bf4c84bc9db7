import { defineEventView } from "#core/live/client-event.ts";
import { sessionUpdated } from "#runtime/transcript/index.ts";

export const sessionEventViews = [
  defineEventView(sessionUpdated, ({ payload: { key, label }, userId }) => ({
    event: "session.updated",
    payload: { sessionKey: key, label, userId },
  })),
];
