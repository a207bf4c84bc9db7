import type { TenantId } from "#base/ids.ts";
import type { ModelFile, ModelMessage, ModelReasoning, ModelText, ModelToolCall } from "#models/language-model.ts";
import type { BlobStore } from "#runtime/blob-store.ts";
import { isNote } from "#runtime/context/fit-history.ts";
import { type ContextFile, truncateContextFiles } from "#runtime/context/truncate-context-files.ts";
import {
  type FilePart,
  type ImagePart,
  type Message,
  type MessagePart,
  type NewMessage,
  type TextPart,
  textOf,
  toolResultsOf,
} from "#runtime/message-parts.ts";
import { mendTranscript } from "#runtime/transcript.ts";

/** The agent's standing instructions. Stays the same from turn to turn, so that providers can cache it. */
export function buildSystemPrompt(agentName: string, contextFiles: readonly ContextFile[]): string {
  const files = truncateContextFiles(contextFiles).map(
    ({ name, content }) => `<context_file name="${name}">\n${content}\n</context_file>`,
  );
  return [
    `You are ${agentName}, an AI agent. Use your tools when they help; answer in the user's language.`,
    ...(files.length > 0 ? ["These files say who you are and how you work:", ...files] : []),
  ].join("\n\n");
}

/** The caller's own instructions come after the agent's. */
export const withInstructions = (systemPrompt: string, instructions: string | undefined): string =>
  instructions ? `${systemPrompt}\n\n<instructions>\n${instructions}\n</instructions>` : systemPrompt;

/** The transcript as the model reads it, with the bytes of its images and files. */
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
 * Our own words to the model stand at the end of the results before them: not every provider takes a system or a user
 * message there.
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
      return { role, parts: await Promise.all(parts.flatMap((part) => toUserPart(part, readBlob))) };
    case "assistant":
      return { role, parts: parts.flatMap(toAssistantPart) };
    case "tool":
      return {
        role,
        results: toolResultsOf(parts).map(({ call_id, name, text, is_error }) => ({
          callId: call_id,
          name,
          text: text.toWellFormed(),
          isError: is_error,
        })),
      };
  }
}

/** Half a character, cut off somewhere or by the model itself, makes providers refuse the whole request. */
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
  return part.type === "image" || part.type === "file" ? [toModelFile(part, readBlob)] : [];
}

async function toModelFile(
  part: ImagePart | FilePart,
  readBlob: (id: string) => Promise<Uint8Array>,
): Promise<ModelFile> {
  const filename = part.type === "file" ? part.filename : undefined;
  return { type: "file", mediaType: part.media_type, bytes: await readBlob(part.blob), filename };
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

/** Reads each blob once per run, however many turns it is part of. */
export function createBlobReader(blobs: BlobStore, tenantId: TenantId): (id: string) => Promise<Uint8Array> {
  const known = new Map<string, Promise<Uint8Array>>();
  return (id) => {
    const reading = known.get(id) ?? blobs.get(tenantId, id);
    known.set(id, reading);
    return reading;
  };
}
