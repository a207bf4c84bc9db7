import { z } from "zod";
import { LIMITS } from "#base/limits.ts";

/**
 * Messages in OpenAI's form (https://platform.openai.com/docs/api-reference/chat/create). Unknown fields are ignored.
 */
const TextContent = z.object({ type: z.literal("text"), text: z.string() }).meta({ id: "TextContent" });

const ImageContent = z
  .object({
    type: z.literal("image_url"),
    image_url: z
      .object({
        url: z.string().describe("A data: URL, or an https URL that the gateway fetches; at most 10 MiB"),
        detail: z.string().max(20).nullish(),
      })
      .meta({ id: "ImageReference" }),
  })
  .meta({ id: "ImageContent" });

const FileContent = z
  .object({
    type: z.literal("file"),
    file: z
      .object({
        file_data: z.string().optional().describe("A data: URL"),
        filename: z.string().max(255).optional(),
        file_id: z.string().max(500).optional().describe("The id of an upload, instead of the data"),
      })
      .meta({ id: "FileReference" }),
  })
  .meta({ id: "FileContent" });

/** A recording. It has the same form on all of OpenAI's routes. */
export const AudioContent = z
  .object({
    type: z.literal("input_audio"),
    input_audio: z
      .object({
        data: z.string().describe("Base64"),
        format: z.string().max(20).describe("wav or mp3"),
      })
      .meta({ id: "AudioReference" }),
  })
  .meta({ id: "AudioContent" });

const OtherContent = z.object({ type: z.string() }).meta({ id: "OtherContent" });

const RefusalContent = z.object({ type: z.literal("refusal"), refusal: z.string() }).meta({ id: "RefusalContent" });

/** A part of a user's message. Parts of other types are accepted here and refused later by an error with their type. */
export const UserContent = z.union([TextContent, ImageContent, FileContent, AudioContent, OtherContent]);
export type UserContent = z.infer<typeof UserContent>;

const TextOnly = z.union([z.string(), z.array(TextContent).max(LIMITS.messageParts)]);

const CallId = z
  .string()
  .max(200)
  .regex(/^\P{Cc}+$/u, "field.format");

const ToolCallInput = z
  .object({
    id: CallId,
    type: z.literal("function").default("function"),
    function: z.object({ name: z.string().min(1).max(200), arguments: z.string() }),
  })
  .meta({ id: "ToolCallInput" });

/** A call as clients sent it before there were tools. It has no id. */
export const FunctionCall = z
  .object({ name: z.string().min(1).max(200), arguments: z.string() })
  .meta({ id: "FunctionCall" });

const Name = z.string().max(200).nullish().describe("Tells the users of one conversation apart");

const SystemMessage = z
  .object({
    role: z.enum(["system", "developer"]),
    content: TextOnly,
    name: Name,
  })
  .meta({ id: "SystemMessage" });

const UserMessage = z
  .object({
    role: z.literal("user"),
    content: z.union([z.string(), z.array(UserContent).min(1, "field.empty").max(LIMITS.messageParts)]),
    name: Name,
  })
  .meta({ id: "UserMessage" });

const AssistantMessage = z
  .object({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(z.union([TextContent, RefusalContent])).max(LIMITS.messageParts)]).nullish(),
    refusal: z.string().nullish(),
    tool_calls: z.array(ToolCallInput).max(LIMITS.modelToolCalls).nullish(),
    function_call: FunctionCall.nullish().describe("The call of a client from before there were tools"),
  })
  .meta({ id: "AssistantMessage" });

const ToolMessage = z
  .object({
    role: z.literal("tool"),
    content: TextOnly,
    tool_call_id: CallId,
  })
  .meta({ id: "ToolMessage" });

const FunctionMessage = z
  .object({
    role: z.literal("function"),
    name: z.string().min(1).max(200),
    content: z.string().nullish(),
  })
  .meta({ id: "FunctionMessage" });

export const ConversationMessage = z
  .discriminatedUnion("role", [SystemMessage, UserMessage, AssistantMessage, ToolMessage, FunctionMessage])
  .meta({ id: "ConversationMessage" });
export type ConversationMessage = z.infer<typeof ConversationMessage>;
export type UserMessage = z.infer<typeof UserMessage>;
export type AssistantMessage = z.infer<typeof AssistantMessage>;
