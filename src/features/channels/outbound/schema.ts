import { z } from "zod";
import { pageFields, pageOf, Timestamp } from "#core/wire.ts";
import { InstancePath } from "#features/channels/instances/schema.ts";
import type { OutboundState } from "#features/channels/outbound/outbox.ts";

/** The states in which a message is shown. A draft is a part of its answer. */
export const SHOWN_STATES = ["pending", "held", "sent", "uncertain", "failed"] as const satisfies OutboundState[];

export const PREVIEW_CHARS = 300;

/** A message to a chat, as administrators see it. Its text is only begun, because it may be long. */
export const ChannelOutboundMessage = z
  .object({
    id: z.guid(),
    instance_id: z.guid(),
    chat: z.string().describe("Where it goes, such as `direct:42`"),
    preview: z.string().describe(`The first ${PREVIEW_CHARS} characters of its text`),
    media_count: z.int().describe("How many files go with it"),
    state: z
      .enum(SHOWN_STATES)
      .describe(
        "`pending`: on its way. `held`: the program of the instance fetches it. `uncertain`: nobody knows whether all of it arrived",
      ),
    attempt: z.int().describe("How often it was tried"),
    parts: z.int().optional().describe("How many messages of the platform it is; absent before the first attempt"),
    parts_sent: z.int().describe("How many of them are known to have arrived"),
    error: z.string().optional().describe("Why the last attempt failed, in English"),
    next_attempt_at: Timestamp.optional().describe("When the gateway tries this chat again, if it waits for that"),
    run_id: z.guid().optional().describe("The run whose answer it is"),
    created_at: Timestamp,
    ended_at: Timestamp.optional(),
  })
  .meta({ id: "ChannelOutboundMessage" });
export type ChannelOutboundMessage = z.infer<typeof ChannelOutboundMessage>;

export const ChannelOutboundPage = pageOf("messages", ChannelOutboundMessage).meta({ id: "ChannelOutboundPage" });

export const ListOutboundInput = InstancePath.extend({
  state: z.enum(SHOWN_STATES).optional().describe("Only messages in this state"),
  ...pageFields,
});
export type ListOutboundInput = z.infer<typeof ListOutboundInput>;

export const RetryOutboundInput = InstancePath.extend({
  message_id: z.string().max(255).describe("The id of the message"),
  may_repeat: z
    .boolean()
    .default(false)
    .describe("True also sends the parts again of which nobody knows whether they arrived"),
}).meta({ id: "RetryChannelOutboundInput" });
export type RetryOutboundInput = z.infer<typeof RetryOutboundInput>;
