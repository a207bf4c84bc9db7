import { z } from "zod";
import type { InboundMessage } from "#channels/channel.ts";
import { ChannelError } from "#channels/channel-error.ts";

const MAX_MEDIA = 20;
const Id = z
  .union([z.string().min(1).max(255), z.int()])
  .transform(String)
  .refine((id) => /^\P{Cc}*$/u.test(id));
const OptionalId = Id.nullish().transform((id) => id ?? undefined);

/** What a program sends to an instance of the type `webhook`. */
const WebhookMessage = z
  .object({
    message_id: Id.describe("Yours, unique in the instance. The same one is never handled twice"),
    chat_id: OptionalId.describe("The conversation; the sender's own when left out"),
    thread_id: OptionalId.describe("A topic in the conversation"),
    chat_kind: z.enum(["direct", "group"]).default("direct"),
    sender_id: Id.describe("Your user, for whom the agent works"),
    sender_name: z.string().max(255).nullish(),
    text: z.string().max(100_000).default(""),
    mentions_agent: z.boolean().default(false).describe("In groups: whether the message names the agent"),
    locale: z.string().max(35).nullish(),
    media: z
      .array(
        z.object({
          url: z.url({ protocol: /^https?$/ }).max(2_000),
          name: z.string().max(255).nullish(),
          media_type: z.string().max(255).nullish(),
        }),
      )
      .max(MAX_MEDIA)
      .default([]),
  })
  .meta({ id: "ChannelWebhookMessage" });

/** Reads the body of a signed request. Throws `ChannelError` of the kind `malformed`. */
export function parseWebhookMessage(body: Uint8Array): InboundMessage {
  const parsed = WebhookMessage.safeParse(parseJson(body));
  if (!parsed.success) throw new ChannelError("malformed", z.prettifyError(parsed.error).slice(0, 500));
  const { message_id, chat_id, thread_id, chat_kind, sender_id, sender_name, text, media, ...rest } = parsed.data;
  return {
    externalId: message_id,
    messageId: message_id,
    target: { kind: chat_kind, chatId: chat_id ?? sender_id, ...(thread_id !== undefined && { threadId: thread_id }) },
    sender: { id: sender_id, name: sender_name ?? sender_id },
    text,
    isMention: rest.mentions_agent,
    locale: rest.locale ?? undefined,
    media: media.map(({ url, name, media_type }) => ({
      kind: media_type?.startsWith("image/") ? "image" : "file",
      reference: url,
      name: name ?? undefined,
      mediaType: media_type ?? undefined,
    })),
  };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new ChannelError("malformed", "the body is not JSON in UTF-8");
  }
}
