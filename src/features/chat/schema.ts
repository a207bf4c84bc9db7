import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { freeForm } from "#core/free-form.ts";
import { ConversationMessage, FunctionCall } from "#features/openai-messages/index.ts";
import {
  AgentModel,
  AnswerSchema,
  EffortName,
  EndUser,
  FunctionDefinition,
  MAX_FUNCTIONS,
} from "#features/openai-runs/index.ts";
import { OnBusy } from "#runtime/runs/index.ts";

const FunctionTool = z.object({ type: z.literal("function"), function: FunctionDefinition });

const ToolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.object({ type: z.literal("function"), function: z.object({ name: z.string() }) }),
]);

const ResponseFormat = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }).meta({ id: "TextFormat" }),
  z.object({ type: z.literal("json_object") }).meta({ id: "JsonObjectFormat" }),
  z
    .object({
      type: z.literal("json_schema"),
      json_schema: AnswerSchema,
    })
    .meta({ id: "JsonSchemaFormat" }),
]);

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;

/** A request of OpenAI's chat completions. Fields that are not listed are ignored. */
export const ChatInput = z
  .object({
    model: AgentModel.nullish(),
    messages: z
      .array(ConversationMessage)
      .min(1, "field.empty")
      .max(LIMITS.chatMessages)
      .describe("The whole conversation; with X-GoClaw-Session-Key only the turns after its last answer count"),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    user: EndUser.nullish(),
    tools: z
      .array(FunctionTool)
      .max(MAX_FUNCTIONS)
      .nullish()
      .describe("The caller's own tools; calls to them are handed back"),
    tool_choice: ToolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish().describe("Whether the model may call several tools in one turn"),
    functions: z
      .array(FunctionDefinition)
      .max(MAX_FUNCTIONS)
      .nullish()
      .describe("Tools of clients from before there were tools; calls to them come back as `function_call`"),
    function_call: z.union([z.enum(["none", "auto"]), z.object({ name: z.string() })]).nullish(),
    response_format: ResponseFormat.nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    max_tokens: z.int().min(1).nullish(),
    max_completion_tokens: z.int().min(1).nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(8)]).nullish(),
    seed: z.int().nullish(),
    presence_penalty: z.number().min(-2).max(2).nullish(),
    frequency_penalty: z.number().min(-2).max(2).nullish(),
    reasoning_effort: EffortName.nullish(),
    store: z.boolean().nullish().describe("`false`: no text stays after the answer, only the record of work and cost"),
    metadata: freeForm(LIMITS.metadataBytes).nullish(),
    logprobs: z.literal(false, "field.unsupported").nullish(),
    top_logprobs: z.literal(0, "field.unsupported").nullish(),
    logit_bias: z.looseObject({}).refine(isEmpty, "field.unsupported").meta({ maxProperties: 0 }).nullish(),
    modalities: z.array(z.literal("text", "field.unsupported")).max(10).nullish(),
    n: z.literal(1, "field.unsupported").nullish().describe("One answer per request"),
    on_busy: OnBusy.optional().describe("What to do when the session has a run under way; GoClaw's own field"),
  })
  .meta({ id: "ChatCompletionRequest" });
export type ChatInput = z.infer<typeof ChatInput>;

const FinishReason = z.enum(["stop", "length", "tool_calls", "content_filter", "function_call"]);

const ToolCall = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

export const ChatUsage = z
  .object({
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    total_tokens: z.int(),
    prompt_tokens_details: z.object({ cached_tokens: z.int() }),
    completion_tokens_details: z.object({ reasoning_tokens: z.int() }),
  })
  .meta({ id: "ChatCompletionUsage" });
export type ChatUsage = z.infer<typeof ChatUsage>;

export const ChatCompletion = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int().describe("Seconds since 1970"),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({
          role: z.literal("assistant"),
          content: z.string().nullable(),
          refusal: z.null(),
          reasoning_content: z.string().optional().describe("The model's reasoning, if it was asked for"),
          tool_calls: z.array(ToolCall).optional(),
          function_call: FunctionCall.optional(),
        }),
        logprobs: z.null(),
        finish_reason: FinishReason,
      }),
    ),
    usage: ChatUsage,
  })
  .meta({ id: "ChatCompletion" });
export type ChatCompletion = z.infer<typeof ChatCompletion>;

const Delta = z.object({
  role: z.literal("assistant").optional(),
  content: z.string().nullable().optional(),
  reasoning_content: z.string().optional().describe("A piece of the model's reasoning, if it was asked for"),
  tool_calls: z.array(ToolCall.extend({ index: z.int() })).optional(),
  function_call: FunctionCall.optional(),
});

export const ChatChunk = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion.chunk"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.object({ index: z.int(), delta: Delta, logprobs: z.null(), finish_reason: FinishReason.nullable() }),
    ),
    usage: ChatUsage.nullable().optional(),
  })
  .meta({ id: "ChatCompletionChunk" });
export type ChatChunk = z.infer<typeof ChatChunk>;
export type ChatDelta = z.infer<typeof Delta>;
