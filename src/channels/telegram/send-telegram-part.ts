import type { InputFile, RawApi } from "grammy/web";
import type { ChatTarget, OutboundPart, SendOptions } from "#channels/channel.ts";
import { ChannelError } from "#channels/channel-error.ts";
import type { TelegramClient } from "#channels/telegram/telegram-client.ts";
import { MarkupError, TopicError } from "#channels/telegram/to-telegram-error.ts";
import { toTelegramHtml } from "#channels/telegram/to-telegram-html.ts";

export interface TelegramSender {
  readonly client: TelegramClient;
  readonly showsLinks: boolean;
}

const MAX_PHOTO_BYTES = 10 * 1_024 * 1_024;
/** The types of which Telegram makes a picture in the chat. */
const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"];

/**
 * Sends a part. Resolves to the id of the message. A text whose markup Telegram refuses goes out as plain text, and a
 * message whose topic is gone to the group itself.
 */
export async function sendTelegramPart(
  sender: TelegramSender,
  target: ChatTarget,
  part: OutboundPart,
  options: SendOptions,
): Promise<string> {
  const send = (to: ChatTarget) =>
    part.kind === "media" ? sendMedia(sender, to, part, options) : sendText(sender, to, part);
  return send(target).catch((thrown: unknown) => {
    if (!(thrown instanceof TopicError) || target.threadId === undefined) throw thrown;
    return send({ ...target, threadId: undefined });
  });
}

async function sendText(
  sender: TelegramSender,
  target: ChatTarget,
  part: Extract<OutboundPart, { kind: "text" }>,
): Promise<string> {
  const send = (text: string, markup: object) =>
    sender.client.call((api) =>
      api.sendMessage({
        ...placeOf(target),
        text,
        ...markup,
        link_preview_options: { is_disabled: !sender.showsLinks },
        ...replyTo(part.replyTo),
      }),
    );
  const sent = await send(toTelegramHtml(part.text), HTML).catch((thrown: unknown) => {
    if (!(thrown instanceof MarkupError)) throw thrown;
    return send(part.text, {});
  });
  return String(sent.message_id);
}

/** Replaces the text of a message. */
export async function editTelegramMessage(
  sender: TelegramSender,
  target: ChatTarget,
  messageId: string,
  text: string,
): Promise<void> {
  const edit = (shown: string, markup: object) =>
    sender.client.call((api) =>
      api.editMessageText({
        chat_id: target.chatId,
        message_id: Number(messageId),
        text: shown,
        ...markup,
        link_preview_options: { is_disabled: !sender.showsLinks },
      }),
    );
  await edit(toTelegramHtml(text), HTML).catch((thrown: unknown) => {
    if (!(thrown instanceof MarkupError)) throw thrown;
    return edit(text, {});
  });
}

const HTML = { parse_mode: "HTML" as const };

/** The topic "General" has the id 1, which Telegram knows only as no topic. */
const GENERAL_TOPIC = "1";

export const placeOf = ({ chatId, threadId }: ChatTarget) => ({
  chat_id: chatId,
  ...(threadId !== undefined && threadId !== GENERAL_TOPIC && { message_thread_id: Number(threadId) }),
});

const replyTo = (messageId: string | undefined) =>
  messageId === undefined
    ? {}
    : { reply_parameters: { message_id: Number(messageId), allow_sending_without_reply: true } };

async function sendMedia(
  { client }: TelegramSender,
  target: ChatTarget,
  { media, caption }: Extract<OutboundPart, { kind: "media" }>,
  { load }: SendOptions,
): Promise<string> {
  const bytes = await load(media);
  const { InputFile: File } = await import("grammy/web");
  const place = { ...placeOf(target), ...(caption !== "" && { caption }) };
  // A file that was sent is used up, so each attempt gets its own.
  const file = () => new File(bytes, toSafeName(media.name));
  const send = (run: (api: RawApi, upload: InputFile) => Promise<{ readonly message_id: number }>) =>
    client.call((api) => run(api, file()));
  const asDocument = () => send((api, document) => api.sendDocument({ ...place, document }));
  const sent = await toMediaCall(media.mediaType, media.size, place, send, asDocument);
  return String(sent.message_id);
}

type Sent = Promise<{ readonly message_id: number }>;
type Send = (run: (api: RawApi, upload: InputFile) => Sent) => Sent;

async function toMediaCall(
  type: string,
  size: number,
  place: ReturnType<typeof placeOf>,
  send: Send,
  asDocument: () => Sent,
): Sent {
  if (PHOTO_TYPES.includes(type) && size <= MAX_PHOTO_BYTES) {
    // Pictures of unusual measures are refused, and arrive as files.
    return send((api, photo) => api.sendPhoto({ ...place, photo })).catch((thrown: unknown) => {
      if (thrown instanceof ChannelError && thrown.kind === "refused") return asDocument();
      throw thrown;
    });
  }
  if (type === "audio/ogg") return send((api, voice) => api.sendVoice({ ...place, voice }));
  if (type.startsWith("audio/")) return send((api, audio) => api.sendAudio({ ...place, audio }));
  if (type === "video/mp4") return send((api, video) => api.sendVideo({ ...place, video }));
  return asDocument();
}

/** grammY writes the name into a header as it is. */
const toSafeName = (name: string): string => name.replaceAll(/[\p{Cc}"\\;/]/gu, "_").slice(-200) || "file";
