import { z } from "zod";

/** The fields of a file in the blob store. `blob` is the SHA-256 of its bytes in hex. */
const BlobFields = {
  media_type: z.string().max(255),
  blob: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0).describe("Size in bytes"),
};

const TextPart = z
  .object({
    type: z.literal("text"),
    text: z.string(),
    author: z.string().max(200).optional().describe("The name that the caller gave the author of the message"),
    is_follow_up: z.literal(true).optional().describe("Sent while the agent was working, to steer it"),
  })
  .meta({ id: "TextPart" });
export const ImagePart = z
  .object({
    type: z.literal("image"),
    ...BlobFields,
    detail: z.string().max(20).optional().describe("How closely the model looks at it, in OpenAI's words"),
  })
  .meta({ id: "ImagePart" });
export const FilePart = z
  .object({ type: z.literal("file"), ...BlobFields, filename: z.string().max(255).optional() })
  .meta({ id: "FilePart" });
const ReasoningPart = z
  .object({
    type: z.literal("reasoning"),
    text: z.string(),
    metadata: z.record(z.string(), z.json()).optional(),
  })
  .meta({ id: "ReasoningPart" });

export const ToolCallPart = z
  .object({
    type: z.literal("tool_call"),
    id: z.string(),
    name: z.string(),
    arguments: z.string().describe("JSON text as the model wrote it"),
    is_client: z.boolean().optional().describe("The caller's own tool, which the gateway does not run"),
    metadata: z.record(z.string(), z.json()).optional().describe("The provider's own, handed back to it unchanged"),
  })
  .meta({ id: "ToolCallPart" });

export const ToolResultPart = z
  .object({
    type: z.literal("tool_result"),
    call_id: z.string(),
    name: z.string(),
    text: z.string(),
    is_error: z.boolean(),
    images: z.array(ImagePart).optional().describe("Images that the tool gave, as models that take images see them"),
  })
  .meta({ id: "ToolResultPart" });

/** A part of a message. */
export const MessagePart = z
  .discriminatedUnion("type", [TextPart, ImagePart, FilePart, ReasoningPart, ToolCallPart, ToolResultPart])
  .meta({ id: "MessagePart" });
export type MessagePart = z.infer<typeof MessagePart>;
export type TextPart = z.infer<typeof TextPart>;
export type ImagePart = z.infer<typeof ImagePart>;
export type FilePart = z.infer<typeof FilePart>;
export type ToolCallPart = z.infer<typeof ToolCallPart>;
export type ToolResultPart = z.infer<typeof ToolResultPart>;

export const MessageRole = z.enum(["system", "user", "assistant", "tool"]);
export type MessageRole = z.infer<typeof MessageRole>;

/** What a provider refused in a message: its images and files, its words, or its length. */
export const Refusal = z.enum(["media", "policy", "length"]);
export type Refusal = z.infer<typeof Refusal>;

/** A turn of a transcript. */
export const Message = z
  .object({
    id: z.string(),
    parent_id: z.string().nullable(),
    role: MessageRole,
    parts: z.array(MessagePart),
    run_id: z.string().nullable(),
    is_complete: z.boolean().describe("False when the model was stopped in the middle of it"),
    refused: Refusal.optional().describe("What a provider refused in it; later model calls read a note instead"),
    created_at: z.string(),
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof Message>;

/** A message before it joins a transcript. */
export interface NewMessage {
  readonly role: MessageRole;
  readonly parts: readonly MessagePart[];
}

/** Returns the images and files of parts, with those of tool results. */
export const mediaOf = (parts: readonly MessagePart[]): readonly (ImagePart | FilePart)[] =>
  parts.flatMap((part) => {
    if (part.type === "image" || part.type === "file") return [part];
    return part.type === "tool_result" ? (part.images ?? []) : [];
  });

export const holdsMedia = (parts: readonly MessagePart[]): boolean =>
  parts.some((part) => part.type === "image" || part.type === "file" || (part.type === "tool_result" && part.images));

export const textOf = (parts: readonly MessagePart[]): string => textsOf(parts).join("");

/** Returns the texts whose join is the text of the parts. Joining long ones copies them. */
export const textsOf = (parts: readonly MessagePart[]): readonly string[] =>
  parts.flatMap((part) => (part.type === "text" ? [part.text] : []));

export const reasoningOf = (parts: readonly MessagePart[]): string =>
  parts.map((part) => (part.type === "reasoning" ? part.text : "")).join("");

export const toolCallsOf = (parts: readonly MessagePart[]): readonly ToolCallPart[] =>
  parts.filter((part) => part.type === "tool_call");

export const toolResultsOf = (parts: readonly MessagePart[]): readonly ToolResultPart[] =>
  parts.filter((part) => part.type === "tool_result");
