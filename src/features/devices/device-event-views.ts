import { defineEventView } from "#core/live/client-event.ts";
import { deviceApproved, deviceDenied, deviceRequested, deviceRevoked } from "#features/devices/events.ts";
import { BROWSER } from "#features/devices/schema.ts";

const resolved = (action: string) => () => ({ event: "device.pair.resolved", payload: { action } });

export const deviceEventViews = [
  defineEventView(deviceRequested, ({ payload: { code, sender_id } }) => ({
    event: "device.pair.requested",
    payload: { code, sender_id, channel: BROWSER, chat_id: "" },
  })),
  defineEventView(deviceApproved, resolved("approved")),
  defineEventView(deviceDenied, resolved("denied")),
  defineEventView(deviceRevoked, resolved("revoked")),
];
