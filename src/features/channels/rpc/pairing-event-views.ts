import { defineEventView } from "#core/live/client-event.ts";
import { pairingApproved, pairingRequested, pairingRevoked } from "#features/channels/events.ts";

export const pairingEventViews = [
  defineEventView(pairingRequested, ({ payload: { instance, subject, code, chat_id } }) => ({
    event: "device.pair.requested",
    payload: { code, sender_id: subject.replace(/^user:/, ""), channel: instance, chat_id },
  })),
  defineEventView(pairingApproved, () => ({ event: "device.pair.resolved", payload: { action: "approved" } })),
  defineEventView(pairingRevoked, ({ payload: { action } }) => ({
    event: "device.pair.resolved",
    payload: { action },
  })),
];
