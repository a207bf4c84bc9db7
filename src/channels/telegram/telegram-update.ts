import type { Message, MessageEntity, Update } from "grammy/types";
import { headOf } from "#base/texts/cut-text.ts";
import type { InboundMedia, InboundMessage } from "#channels/channel.ts";
import { toMarkdown } from "#channels/telegram/to-markdown.ts";

/** Our account, by which mentions are recognised. */
export interface Bot {
  readonly id: number;
  readonly username: string;
}

const QUOTE_CHARS = 500;

/** Converts an update. Returns undefined for what is no message of a person, and for one without text and file. */
export function toInboundMessage(update: Update, bot: Bot): InboundMessage | undefined {
  const { message } = update;
  if (!message?.from || !message.chat) return undefined;
  const isGroup = message.chat.type === "group" || message.chat.type === "supergroup";
  const base = {
    externalId: `${bot.id}:${update.update_id}`,
    messageId: String(message.message_id),
    target: {
      kind: isGroup ? ("group" as const) : ("direct" as const),
      chatId: String(message.chat.id),
      ...(message.is_topic_message && { threadId: String(message.message_thread_id) }),
    },
    sender: {
      id: String(message.from.id),
      name: [message.from.first_name, message.from.last_name].filter(Boolean).join(" "),
      username: message.from.username,
    },
    locale: message.from.language_code,
  };
  if (message.migrate_to_chat_id !== undefined)
    return { ...base, text: "", isMention: false, media: [], movedTo: String(message.migrate_to_chat_id) };
  if (message.from.is_bot) return undefined;
  const text = message.text ?? message.caption ?? message.sticker?.emoji ?? "";
  const media = mediaOf(message);
  if (text === "" && media.length === 0) return undefined;
  const readable = toMarkdown(text, message.entities ?? message.caption_entities);
  return { ...base, text: quoteOf(message, bot) + readable, isMention: isMention(message, text, bot), media };
}

/** Returns the message that this one replies to, for the model to read. The agent knows its own messages. */
function quoteOf({ reply_to_message: quoted }: Message, bot: Bot): string {
  const text = quoted?.text ?? quoted?.caption ?? "";
  if (!quoted?.from || quoted.from.id === bot.id || text === "") return "";
  return `[In reply to ${quoted.from.first_name}: ${headOf(text, QUOTE_CHARS)}]\n`;
}

function isMention(message: Message, text: string, bot: Bot): boolean {
  if (message.reply_to_message?.from?.id === bot.id) return true;
  const name = `@${bot.username}`.toLowerCase();
  const names = (entity: MessageEntity): boolean => {
    const word = text.slice(entity.offset, entity.offset + entity.length).toLowerCase();
    if (entity.type === "text_mention") return entity.user.id === bot.id;
    if (entity.type === "mention") return word === name;
    return entity.type === "bot_command" && (word.endsWith(name) || !word.includes("@"));
  };
  return (message.entities ?? message.caption_entities ?? []).some(names);
}

function mediaOf(message: Message): readonly InboundMedia[] {
  const { photo, document, voice, audio, video, video_note: note, animation } = message;
  const largest = photo?.at(-1);
  if (largest) return [{ kind: "image", reference: largest.file_id, mediaType: "image/jpeg", ...sizeOf(largest) }];
  const file = animation ?? document;
  if (file) {
    const isImage = file.mime_type?.startsWith("image/") ?? false;
    return [{ kind: isImage ? "image" : "file", ...referenceOf(file), name: file.file_name, ...sizeOf(file) }];
  }
  if (voice) return [{ kind: "audio", ...referenceOf(voice), name: "voice.ogg", ...sizeOf(voice) }];
  if (audio) return [{ kind: "audio", ...referenceOf(audio), name: audio.file_name, ...sizeOf(audio) }];
  if (video) return [{ kind: "video", ...referenceOf(video), name: video.file_name, ...sizeOf(video) }];
  return note ? [{ kind: "video", reference: note.file_id, mediaType: "video/mp4", ...sizeOf(note) }] : [];
}

const referenceOf = ({ file_id, mime_type }: { readonly file_id: string; readonly mime_type?: string }) => ({
  reference: file_id,
  mediaType: mime_type,
});

const sizeOf = ({ file_size: size }: { readonly file_size?: number }) => ({ size });
