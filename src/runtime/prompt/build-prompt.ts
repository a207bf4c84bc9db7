import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type {
  ModelFile,
  ModelMessage,
  ModelReasoning,
  ModelText,
  ModelToolCall,
  ModelToolResult,
} from "#models/language-model.ts";
import { isNote } from "#runtime/prompt/fit-history.ts";
import type { PromptSection } from "#runtime/prompt/prompt-source.ts";
import { resultStandInOf, standInOf } from "#runtime/prompt/stand-ins.ts";
import { cutMiddle } from "#runtime/prompt/to-material.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";
import {
  type FilePart,
  type ImagePart,
  type Message,
  type MessagePart,
  mendTranscript,
  type NewMessage,
  type TextPart,
  type ToolResultPart,
  textOf,
  toolResultsOf,
} from "#runtime/transcript/index.ts";

/**
 * Joins the sections of a system prompt: stable ones, then volatile ones, then the caller's own instructions. The
 * stable beginning is identical from turn to turn, so providers can cache it.
 */
export function buildSystemPrompt(sections: readonly PromptSection[], instructions: string | undefined): string {
  const textsOf = (place: PromptSection["place"]) =>
    sections.filter((section) => section.place === place).map(({ text, maxChars }) => cutMiddle(text, maxChars));
  const own = instructions ? [`<instructions>\n${instructions}\n</instructions>`] : [];
  return [...textsOf("stable"), ...textsOf("volatile"), ...own].join("\n\n");
}

/** Converts a transcript to the messages of a model call, with the bytes of its images and files. */
export async function buildModelMessages(
  system: string,
  transcript: readonly (Message | NewMessage)[],
  readBlob: (id: string) => Promise<Uint8Array>,
): Promise<readonly ModelMessage[]> {
  const messages = joinNotes(mendTranscript(transcript));
  const turns = await Promise.all(messages.map((message) => toModelMessage(message, readBlob)));
  return [{ role: "system", text: system }, ...turns];
}

/**
 * Appends the gateway's notes to the tool results before them, because not every provider takes a system or a user
 * message after tool results.
 */
function joinNotes(messages: readonly (Message | NewMessage)[]): readonly NewMessage[] {
  const joined: NewMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const isOurs = "run_id" in message && isNote(message);
    if (isOurs && last?.role === "tool") joined[joined.length - 1] = withNote(last, textOf(message.parts));
    else joined.push(message);
  }
  return joined;
}

function withNote(message: NewMessage, note: string): NewMessage {
  const result = toolResultsOf(message.parts).at(-1);
  if (!result) return message;
  return {
    ...message,
    parts: [...message.parts.slice(0, -1), { ...result, text: `${result.text}\n\n[System] ${note}` }],
  };
}

async function toModelMessage(
  { role, parts }: NewMessage,
  readBlob: (id: string) => Promise<Uint8Array>,
): Promise<ModelMessage> {
  switch (role) {
    case "system":
      return { role, text: textOf(parts).toWellFormed() };
    case "user":
      return {
        role,
        name: parts.find((part) => part.type === "text")?.author,
        parts: await Promise.all(parts.flatMap((part) => toUserPart(part, readBlob))),
      };
    case "assistant":
      return { role, parts: parts.flatMap(toAssistantPart) };
    case "tool":
      return {
        role,
        results: await Promise.all(toolResultsOf(parts).map((part) => toResult(part, readBlob))),
      };
  }
}

async function toResult(
  { call_id, name, text, is_error, images = [] }: ToolResultPart,
  readBlob: (id: string) => Promise<Uint8Array>,
): Promise<ModelToolResult> {
  const result = { callId: call_id, name, text: text.toWellFormed(), isError: is_error };
  if (images.length === 0) return result;
  // The text says what the image was, so a run goes on without one that is gone.
  const toFiles = async (image: ImagePart): Promise<readonly ModelFile[]> => {
    const bytes = await readBlob(image.blob).catch(() => undefined);
    return bytes ? [{ type: "file", mediaType: image.media_type, bytes, standIn: resultStandInOf(image) }] : [];
  };
  return { ...result, files: (await Promise.all(images.map(toFiles))).flat() };
}

/** Replaces lone surrogates, because providers refuse a request that contains one. */
const toText = ({ text, is_follow_up: isFollowUp }: TextPart): ModelText => ({
  type: "text",
  text: (isFollowUp ? FOLLOW_UP + text : text).toWellFormed(),
});

const FOLLOW_UP = "[The user sent a follow-up message while you were working]\n";

function toUserPart(
  part: MessagePart,
  readBlob: (id: string) => Promise<Uint8Array>,
): readonly (ModelText | Promise<ModelFile>)[] {
  if (part.type === "text") return [toText(part)];
  if (part.type !== "image" && part.type !== "file") return [];
  return part.bytes > LIMITS.chatBody ? [{ type: "text", text: standInOf(part) }] : [toModelFile(part, readBlob)];
}

async function toModelFile(
  part: ImagePart | FilePart,
  readBlob: (id: string) => Promise<Uint8Array>,
): Promise<ModelFile> {
  const own = part.type === "file" ? { filename: part.filename } : { detail: part.detail };
  return {
    type: "file",
    mediaType: part.media_type,
    bytes: await readBlob(part.blob),
    standIn: standInOf(part),
    ...own,
  };
}

function toAssistantPart(part: MessagePart): readonly (ModelText | ModelReasoning | ModelToolCall)[] {
  switch (part.type) {
    case "text":
      return [toText(part)];
    case "reasoning":
      return [{ type: part.type, text: part.text, metadata: part.metadata }];
    case "tool_call":
      return [
        {
          type: part.type,
          id: part.id,
          name: part.name,
          arguments: part.arguments.toWellFormed(),
          metadata: part.metadata,
        },
      ];
    default:
      return [];
  }
}

/** The number of blobs that a reader keeps in memory. */
const KEPT_BLOBS = 32;

/** Creates a reader for one run, which keeps the last blobs, because every turn sends most of them again. */
export function createBlobReader(blobs: BlobStore, tenantId: TenantId): (id: string) => Promise<Uint8Array> {
  const known = new BoundedCache<string, Promise<Uint8Array>>({ max: KEPT_BLOBS });
  const read = async (id: string) => (await blobs.open(tenantId, id)).bytes();
  return (id) => {
    const reading = known.get(id) ?? read(id);
    known.set(id, reading);
    return reading;
  };
}
