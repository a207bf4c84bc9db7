import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Named = z.object({ name: z.string() });

export const channelInstanceCreated = defineEvent({
  type: "channel_instance.created",
  entity: "channel_instance",
  payload: Named.extend({ type: z.string() }),
});
export const channelInstanceUpdated = defineEvent({
  type: "channel_instance.updated",
  entity: "channel_instance",
  payload: Named.extend({
    changed: z.array(z.string()).describe("The names of the changed fields"),
    new_credentials: z.array(z.string()).describe("The names of the replaced credentials"),
  }),
});
export const channelInstanceDeleted = defineEvent({
  type: "channel_instance.deleted",
  entity: "channel_instance",
  payload: Named,
});

const Subject = z.object({ instance: z.string(), subject: z.string() });
export const pairingRequested = defineEvent({
  type: "channel_pairing.requested",
  entity: "channel_pairing",
  payload: Subject.extend({
    code: z.string().optional().describe("The code to approve"),
    chat_id: z.string().optional().describe("The chat that is told"),
  }),
});
export const pairingApproved = defineEvent({
  type: "channel_pairing.approved",
  entity: "channel_pairing",
  payload: Subject,
});
export const pairingRevoked = defineEvent({
  type: "channel_pairing.revoked",
  entity: "channel_pairing",
  payload: Subject.extend({ action: z.enum(["denied", "revoked"]).describe("`denied` if it only waited") }),
});

/** An agent wrote to another chat than the one in which it was asked. */
export const messageForwarded = defineEvent({
  type: "channel_message.forwarded",
  entity: "channel_message",
  payload: z.object({ instance: z.string(), target: z.string(), reason: z.string() }),
});

/** Somebody wrote to a chat through the gateway. */
export const messageSent = defineEvent({
  type: "channel_message.sent",
  entity: "channel_message",
  payload: z.object({ instance: z.string(), target: z.string() }),
});

/** An administrator had a message sent again. */
export const messageRetried = defineEvent({
  type: "channel_message.retried",
  entity: "channel_message",
  payload: z.object({ instance: z.string(), target: z.string() }),
});

/** A message waits, went out, or could not be sent. Only the node that works on it tells. */
export const messageUpdated = defineEvent({
  type: "channel_message.updated",
  entity: "channel_message",
  payload: z.object({
    instance_id: z.string(),
    state: z.string().describe("`pending` after an attempt that is made again later"),
  }),
});

/** Every kind of event that changes what an instance is. */
export const instanceEvents = [channelInstanceCreated, channelInstanceUpdated, channelInstanceDeleted];

/** Every kind of event about who may write. */
export const pairingEvents = [pairingRequested, pairingApproved, pairingRevoked];

/** Every kind of event about messages to chats. */
export const messageEvents = [messageForwarded, messageSent, messageRetried, messageUpdated];
