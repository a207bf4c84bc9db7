import { defineEventView } from "#core/live/client-event.ts";
import { delegationEnded, delegationStarted } from "#features/delegation/events.ts";

/** The channel of a task is always this one, and its chat the user. */
const CHANNEL = "delegate";

export const delegationEventViews = [
  defineEventView(delegationStarted, ({ entityId: delegation_id, userId: user_id, payload }) => ({
    event: "delegation.started",
    payload: { delegation_id, user_id, channel: CHANNEL, chat_id: user_id, ...payload },
  })),
  defineEventView(delegationEnded, ({ entityId: delegation_id, userId: user_id, payload }) => ({
    event: `delegation.${payload.status}`,
    payload: { delegation_id, user_id, channel: CHANNEL, chat_id: user_id, ...payload },
  })),
];
