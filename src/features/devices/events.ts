import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Browser = z.object({ sender_id: z.string().describe("Masked, because the whole id is a credential") });

export const deviceRequested = defineEvent({
  type: "device.requested",
  entity: "device",
  payload: Browser.extend({
    address: z.string().describe("From where it asked"),
    code: z.string().optional().describe("The code to approve"),
  }),
});
export const deviceApproved = defineEvent({ type: "device.approved", entity: "device", payload: Browser });
export const deviceDenied = defineEvent({ type: "device.denied", entity: "device", payload: Browser });
export const deviceRevoked = defineEvent({ type: "device.revoked", entity: "device", payload: Browser });

/** Every kind of event about browsers. */
export const deviceEvents = [deviceRequested, deviceApproved, deviceDenied, deviceRevoked];
