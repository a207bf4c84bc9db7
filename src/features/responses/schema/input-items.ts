import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { AudioContent } from "#features/openai-messages/index.ts";

// The items of a conversation as callers send them (https://platform.openai.com/docs/api-reference/responses/create).
// Unknown fields are ignored.

const ItemId = z.string().max(200).nullish().describe("The id that the gateway gave the item, if it did");

const TextContent = z
  .object({ type: z.enum(["input_text", "output_text", "text"]), text: z.string() })
  .meta({ id: "ResponseTextContent" });

const RefusalContent = z
  .object({ type: z.literal("refusal"), refusal: z.string() })
  .meta({ id: "ResponseRefusalContent" });

const ImageContent = z
  .object({
    type: z.literal("input_image"),
    image_url: z.string().nullish().describe("A data: URL, or an https URL that the gateway fetches; at most 10 MiB"),
    file_id: z.string().max(500).nullish().describe("The id of an upload, instead of the URL"),
    detail: z.string().max(20).nullish(),
  })
  .meta({ id: "ResponseImageContent" });

const FileContent = z
  .object({
    type: z.literal("input_file"),
    file_data: z.string().nullish().describe("A data: URL"),
    filename: z.string().max(255).nullish(),
    file_id: z.string().max(500).nullish().describe("The id of an upload, instead of the data"),
    file_url: z.null("field.unsupported").optional(),
  })
  .meta({ id: "ResponseFileContent" });

const CONTENT_TYPES = ["input_text", "output_text", "text", "refusal", "input_image", "input_file", "input_audio"];

/** A part of another type. It is accepted here and refused later by an error with its type. */
const OtherContent = z
  .object({ type: z.string().refine((type) => !CONTENT_TYPES.includes(type), "field.invalid") })
  .meta({ id: "ResponseOtherContent" })
  .transform(({ type: name }) => ({ type: "other" as const, name }));

export const ItemContent = z.union([
  TextContent,
  RefusalContent,
  ImageContent,
  FileContent,
  AudioContent,
  OtherContent,
]);
export type ItemContent = z.infer<typeof ItemContent>;

const Contents = z.union([z.string(), z.array(ItemContent).max(LIMITS.messageParts)]);

const CallId = z
  .string()
  .max(200)
  .regex(/^\P{Cc}+$/u, "field.format");

const MessageItem = z
  .object({
    type: z.literal("message").default("message"),
    id: ItemId,
    role: z.enum(["user", "assistant", "system", "developer"]),
    content: Contents,
  })
  .meta({ id: "ResponseInputMessage" });
export type MessageItem = z.infer<typeof MessageItem>;

const FunctionCallItem = z
  .object({
    type: z.literal("function_call"),
    id: ItemId,
    call_id: CallId,
    name: z.string().min(1).max(200),
    arguments: z.string(),
  })
  .meta({ id: "ResponseInputFunctionCall" });

const FunctionOutputItem = z
  .object({ type: z.literal("function_call_output"), id: ItemId, call_id: CallId, output: Contents })
  .meta({ id: "ResponseInputFunctionOutput" });

const ReasoningItem = z
  .object({
    type: z.literal("reasoning"),
    id: ItemId,
    encrypted_content: z.string().nullish().describe("As the gateway sealed it; anything else counts as absent"),
  })
  .meta({ id: "ResponseInputReasoning" });

const ItemReference = z
  .object({
    type: z.literal("item_reference").nullable().default("item_reference"),
    id: z.string().max(200).describe("The id of a stored item of the same user and agent"),
  })
  .meta({ id: "ResponseItemReference" });

const ITEM_TYPES = ["message", "function_call", "function_call_output", "reasoning", "item_reference"];

/** An item of another type, such as a call of a hosted tool. It is refused later by an error with its type. */
const OtherItem = z
  .object({ type: z.string().refine((type) => !ITEM_TYPES.includes(type), "field.invalid") })
  .meta({ id: "ResponseOtherItem" })
  .transform(({ type: name }) => ({ type: "other" as const, name }));

export const InputItem = z.union([
  MessageItem,
  FunctionCallItem,
  FunctionOutputItem,
  ReasoningItem,
  ItemReference,
  OtherItem,
]);
export type InputItem = z.infer<typeof InputItem>;
