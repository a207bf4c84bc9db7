import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { freeForm } from "#core/free-form.ts";
import { ConversationMessage } from "#features/openai-messages/index.ts";
import {
  AgentModel,
  AnswerSchema,
  EffortName,
  EndUser,
  FunctionDefinition,
  MAX_FUNCTIONS,
} from "#features/openai-runs/index.ts";
import { InputItem } from "#features/responses/schema/input-items.ts";

const FunctionTool = z.object({
  // The type comes first, so that a hosted tool is refused for what it is.
  type: z.literal("function", "field.unsupported").describe("Only the caller's functions; hosted tools are refused"),
  ...FunctionDefinition.shape,
});

const NamedFunction = z.object({ type: z.literal("function", "field.unsupported"), name: z.string().max(200) });

const ToolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  NamedFunction.meta({ id: "ResponseNamedFunction" }),
  z
    .object({
      type: z.literal("allowed_tools"),
      mode: z.enum(["auto", "required"]),
      tools: z.array(NamedFunction).max(MAX_FUNCTIONS),
    })
    .meta({ id: "ResponseAllowedTools" }),
]);

export const TextFormat = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }).meta({ id: "TextAnswerFormat" }),
  z.object({ type: z.literal("json_object") }).meta({ id: "JsonObjectAnswerFormat" }),
  AnswerSchema.extend({ type: z.literal("json_schema") }).meta({ id: "JsonSchemaAnswerFormat" }),
]);

/** What may be asked for besides the answer. Of hosted tools there is nothing to include. */
const Included = z.enum(
  [
    "reasoning.encrypted_content",
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
  ],
  "field.unsupported",
);

const CacheKey = z.string().max(500).nullish().describe("Accepted and returned; it changes nothing");

const unsupported = () => z.null("field.unsupported").optional();

/** A request of OpenAI's Responses API, or of GoClaw's older form with `messages`. Unknown fields are ignored. */
export const ResponseInput = z
  .object({
    model: AgentModel.nullish(),
    input: z
      .union([z.string().min(1, "field.empty"), z.array(InputItem).min(1, "field.empty").max(LIMITS.chatMessages)])
      .optional()
      .describe("A message, or the items of the conversation"),
    messages: z
      .array(ConversationMessage)
      .min(1, "field.empty")
      .max(LIMITS.chatMessages)
      .optional()
      .describe("The conversation in the form of chat completions, instead of `input`"),
    instructions: z.string().nullish().describe("For this answer alone; a next one does not inherit it"),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_obfuscation: z.boolean().nullish() }).nullish(),
    background: z.boolean().nullish().describe("Whether the run goes on without a reader; poll or follow the response"),
    store: z.boolean().nullish().describe("`false`: no text stays after the answer, only the record of work and cost"),
    previous_response_id: z.string().min(1).max(200).nullish().describe("The response whose conversation goes on"),
    conversation: z
      .union([
        z.string().min(1),
        z.object({ id: z.string().min(1).meta({ maxLength: LIMITS.sessionKeyBytes }) }).meta({ id: "ConversationRef" }),
      ])
      .nullish()
      .describe("The key of a session that holds the conversation, as in X-GoClaw-Session-Key"),
    tools: z.array(FunctionTool).max(MAX_FUNCTIONS).nullish().describe("The caller's own tools; calls are handed back"),
    tool_choice: ToolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    max_tool_calls: z.int().min(1).nullish().describe("How many calls of the gateway's own tools the run may make"),
    text: z
      .object({
        format: TextFormat.nullish(),
        verbosity: z.literal("medium", "field.unsupported").nullish(),
      })
      .nullish(),
    reasoning: z
      .object({
        effort: EffortName.nullish(),
        summary: z.enum(["auto", "concise", "detailed", "none"]).nullish().describe("Shows the model's reasoning"),
        generate_summary: z.enum(["auto", "concise", "detailed"]).nullish().describe("The older name of `summary`"),
      })
      .nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    max_output_tokens: z.int().min(1).nullish().describe("For each model call of the run"),
    max_tokens: z.int().min(1).nullish().describe("The name of `max_output_tokens` beside `messages`"),
    include: z.array(Included).max(20).nullish(),
    truncation: z
      .enum(["auto", "disabled"])
      .nullish()
      .describe("Accepted and returned; the gateway summarises what does not fit the model in either case"),
    metadata: freeForm(LIMITS.metadataBytes).nullish(),
    user: EndUser.nullish(),
    safety_identifier: CacheKey,
    prompt_cache_key: CacheKey,
    prompt_cache_retention: CacheKey,
    service_tier: z.enum(["auto", "default", "flex", "scale", "priority"]).nullish(),
    top_logprobs: z.literal(0, "field.unsupported").nullish(),
    prompt: unsupported(),
    context_management: unsupported(),
    on_busy: z
      .enum(["queue", "interrupt", "reject"])
      .optional()
      .describe("What to do when the conversation has a run under way; GoClaw's own field"),
  })
  .meta({ id: "ResponseRequest" });
export type ResponseInput = z.infer<typeof ResponseInput>;

const ResponseId = z.string().max(200).describe("The id of the response");

export const ResponsePath = z.object({ id: ResponseId });
export type ResponsePath = z.infer<typeof ResponsePath>;

export const GetResponseInput = ResponsePath.extend({
  stream: z.stringbool().optional().describe("Whether to follow a background response as a stream"),
  starting_after: z.coerce.number().int().min(0).optional().describe("The `sequence_number` that was read last"),
});
export type GetResponseInput = z.infer<typeof GetResponseInput>;

export const ListInputItemsInput = ResponsePath.extend({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().max(200).optional().describe("The id of the last item of the page before"),
});
export type ListInputItemsInput = z.infer<typeof ListInputItemsInput>;
