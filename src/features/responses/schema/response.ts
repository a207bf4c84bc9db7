import { z } from "zod";
import { TextFormat } from "#features/responses/schema/request.ts";

const ItemStatus = z.enum(["in_progress", "completed", "incomplete"]);

export const OutputText = z
  .object({
    type: z.literal("output_text"),
    text: z.string(),
    annotations: z.array(z.looseObject({})),
    logprobs: z.array(z.looseObject({})),
  })
  .meta({ id: "ResponseOutputText" });
export type OutputText = z.infer<typeof OutputText>;

const OutputMessage = z
  .object({
    type: z.literal("message"),
    id: z.string(),
    role: z.literal("assistant"),
    status: ItemStatus,
    content: z.array(OutputText),
  })
  .meta({ id: "ResponseOutputMessage" });

export const FunctionCall = z
  .object({
    type: z.literal("function_call"),
    id: z.string(),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
    status: ItemStatus,
  })
  .meta({ id: "ResponseFunctionCall" });

const Reasoning = z
  .object({
    type: z.literal("reasoning"),
    id: z.string(),
    summary: z.array(z.object({ type: z.literal("summary_text"), text: z.string() })),
    encrypted_content: z.string().optional().describe("Sealed by the gateway; send it back with the next request"),
    status: ItemStatus,
  })
  .meta({ id: "ResponseReasoningItem" });

export const OutputItem = z.discriminatedUnion("type", [OutputMessage, FunctionCall, Reasoning]);
export type OutputItem = z.infer<typeof OutputItem>;
export type OutputMessage = z.infer<typeof OutputMessage>;
export type FunctionCall = z.infer<typeof FunctionCall>;
export type Reasoning = z.infer<typeof Reasoning>;

const UsageCounts = {
  input_tokens: z.int(),
  output_tokens: z.int(),
  total_tokens: z.int(),
};

export const ResponseUsage = z
  .object({
    ...UsageCounts,
    input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
    output_tokens_details: z.object({ reasoning_tokens: z.int() }),
    prompt_tokens: z.int().optional().describe("The name of `input_tokens` for GoClaw's own clients"),
    completion_tokens: z.int().optional().describe("The name of `output_tokens` for GoClaw's own clients"),
  })
  .meta({ id: "ResponseUsage" });
export type ResponseUsage = z.infer<typeof ResponseUsage>;

export const ResponseFailure = z
  .object({
    code: z.enum(["server_error", "rate_limit_exceeded", "invalid_prompt"]),
    message: z.string(),
    details: z.looseObject({ code: z.string() }).describe("The gateway's own code, and its finer cause"),
  })
  .meta({ id: "ResponseError" });
export type ResponseFailure = z.infer<typeof ResponseFailure>;

const Tool = z.object({
  type: z.literal("function"),
  name: z.string(),
  description: z.string().nullable(),
  parameters: z.looseObject({}).nullable(),
  strict: z.boolean().nullable(),
});

/** What a response repeats of its request. */
const Echo = z.object({
  model: z.string(),
  background: z.boolean(),
  frequency_penalty: z.literal(0),
  conversation: z.object({ id: z.string() }).nullable(),
  instructions: z.string().nullable(),
  max_output_tokens: z.int().nullable(),
  max_tool_calls: z.int().nullable(),
  metadata: z.looseObject({}),
  parallel_tool_calls: z.boolean(),
  presence_penalty: z.literal(0),
  previous_response_id: z.string().nullable(),
  prompt_cache_key: z.string().nullable(),
  reasoning: z.object({ effort: z.string().nullable(), summary: z.string().nullable() }),
  safety_identifier: z.string().nullable(),
  service_tier: z.literal("default"),
  store: z.boolean(),
  temperature: z.number(),
  text: z.object({ format: TextFormat, verbosity: z.literal("medium") }),
  tool_choice: z.union([z.string(), z.looseObject({})]),
  tools: z.array(Tool),
  top_logprobs: z.literal(0),
  top_p: z.number(),
  truncation: z.enum(["auto", "disabled"]),
  user: z.string().optional(),
});
export type Echo = z.infer<typeof Echo>;

export const ResponseStatus = z.enum(["queued", "in_progress", "completed", "incomplete", "failed", "cancelled"]);
export type ResponseStatus = z.infer<typeof ResponseStatus>;

export const ResponseObject = Echo.extend({
  id: z.string(),
  object: z.literal("response"),
  created_at: z.int().describe("Seconds since 1970"),
  completed_at: z.int().nullable().describe("Seconds since 1970"),
  status: ResponseStatus,
  error: ResponseFailure.nullable(),
  incomplete_details: z.object({ reason: z.enum(["max_output_tokens", "content_filter"]) }).nullable(),
  output: z.array(OutputItem),
  usage: ResponseUsage.nullable(),
}).meta({ id: "Response" });
export type ResponseObject = z.infer<typeof ResponseObject>;

/** A response in GoClaw's own words, for requests with `messages`. */
export const PlainResponse = z
  .object({
    id: z.string(),
    object: z.literal("response"),
    created_at: z.int().describe("Seconds since 1970"),
    model: z.string(),
    status: ResponseStatus,
    output: z.array(
      z.union([
        z.object({
          type: z.literal("message"),
          role: z.literal("assistant"),
          content: z.array(z.object({ type: z.literal("text"), text: z.string() })),
        }),
        FunctionCall,
      ]),
    ),
    usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), ...UsageCounts }).optional(),
    error: z.string().optional(),
  })
  .meta({ id: "PlainResponse" });
export type PlainResponse = z.infer<typeof PlainResponse>;

/** A response in the words that its reader knows. */
export const AnyResponse = z.union([ResponseObject, PlainResponse]);
export type AnyResponse = z.infer<typeof AnyResponse>;

export const DeletedResponse = z
  .object({ id: z.string(), object: z.literal("response"), deleted: z.literal(true) })
  .meta({ id: "DeletedResponse" });
export type DeletedResponse = z.infer<typeof DeletedResponse>;

export const InputItemList = z
  .object({
    object: z.literal("list"),
    data: z.array(z.looseObject({ type: z.string(), id: z.string() })),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: "ResponseInputItemList" });
export type InputItemList = z.infer<typeof InputItemList>;

/** An event of a stream. Each type adds its own fields. */
export const ResponseEvent = z
  .looseObject({
    type: z.string(),
    sequence_number: z.int().optional().describe("Rises with every event; absent from events in GoClaw's own words"),
  })
  .meta({ id: "ResponseStreamEvent" });
