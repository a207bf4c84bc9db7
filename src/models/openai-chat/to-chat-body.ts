import { holdsMuchText } from "#base/texts/holds-text.ts";
import { JsonText } from "#base/texts/json-pieces.ts";
import { ModelFailure } from "#models/failures/model-failure.ts";
import type { ModelMessage, ModelRequest, ModelResponseFormat } from "#models/language-model.ts";
import { jsonInstruction } from "#models/messages/json-instruction.ts";
import { encodeTools } from "#models/openai-chat/encode-tools.ts";
import { toChatMessages } from "#models/openai-chat/to-chat-messages.ts";
import { toReasoningFields } from "#models/openai-chat/to-reasoning-fields.ts";
import { SAMPLES_ONLY_WITHOUT_REASONING, TAKES_COMPLETION_TOKENS } from "#models/quirks/openai-models.ts";
import { findForModel, type Quirks } from "#models/quirks/quirks.ts";

type ChatFields = Readonly<Record<string, unknown>>;

/** Whether the provider can stream the answer to a request. */
const mayStream = ({ tools, toolChoice }: ModelRequest, quirks: Quirks): boolean =>
  !(quirks.noStreamWithTools && tools.length > 0 && toolChoice !== "none");

/** Returns a request in the OpenAI chat format as JSON, adapted to the provider's quirks. */
export async function toChatBody(request: ModelRequest, quirks: Quirks): Promise<string | JsonText> {
  const fields = toChatFields(request, quirks);
  const tools = offersTools(request, quirks) ? encodeTools(request.tools, quirks.schemas) : undefined;
  if (holdsMuchText(fields.messages)) return JsonText.of({ ...fields, tools: tools && JSON.parse(tools) });
  const json = JSON.stringify(fields);
  return tools === undefined ? json : `${json.slice(0, -1)},"tools":${tools}}`;
}

/** Returns whether the request contains tools. Providers refuse a tool choice without tools, so `none` omits both. */
const offersTools = ({ tools, toolChoice }: ModelRequest, { withoutTools }: Quirks): boolean =>
  tools.length > 0 && toolChoice !== "none" && !withoutTools;

/** Returns all fields except the tools. `JSON.stringify` omits undefined fields. */
function toChatFields(request: ModelRequest, quirks: Quirks): ChatFields {
  requireModelId(request.model, quirks);
  const isStreamed = mayStream(request, quirks);
  const { settings, model } = request;
  const body: Record<string, unknown> = {
    model,
    messages: toChatMessages(withSchemaInstruction(request, quirks), quirks),
    tool_choice: toToolChoice(request, quirks),
    parallel_tool_calls: offersTools(request, quirks) ? settings.parallelToolCalls : undefined,
    response_format: toResponseFormat(request.responseFormat, quirks),
    [TAKES_COMPLETION_TOKENS.test(model) ? "max_completion_tokens" : "max_tokens"]: toMaxTokens(
      settings.maxOutputTokens,
      isStreamed ? undefined : quirks.unstreamedMaxTokens,
    ),
    temperature: settings.temperature,
    top_p: settings.topP,
    stop: settings.stop,
    [quirks.seedField ?? "seed"]: settings.seed,
    presence_penalty: settings.presencePenalty,
    frequency_penalty: settings.frequencyPenalty,
    ...toReasoningFields(request, quirks, isStreamed),
    ...findForModel(quirks.adds, model),
    stream: isStreamed,
    stream_options: isStreamed && !quirks.withoutUsageOption ? { include_usage: true } : undefined,
  };
  for (const field of findForModel(quirks.drops, model) ?? []) delete body[field];
  if (SAMPLES_ONLY_WITHOUT_REASONING.test(model) && body.reasoning_effort !== "none") {
    delete body.temperature;
    delete body.top_p;
  }
  return body;
}

function requireModelId(model: string, { modelIds }: Quirks): void {
  if (modelIds === undefined || modelIds.pattern.test(model)) return;
  throw new ModelFailure({ kind: "model_not_found", message: modelIds.message });
}

function toMaxTokens(requested: number | undefined, limit: number | undefined): number | undefined {
  if (limit === undefined) return requested;
  return Math.min(requested ?? limit, limit);
}

function toToolChoice(request: ModelRequest, quirks: Quirks): ChatFields | string | undefined {
  if (!offersTools(request, quirks) || quirks.withoutToolChoice) return undefined;
  const { toolChoice } = request;
  return typeof toolChoice === "object" ? { type: "function", function: { name: toolChoice.name } } : toolChoice;
}

function toResponseFormat(format: ModelResponseFormat | undefined, quirks: Quirks): ChatFields | undefined {
  switch (format?.type) {
    case undefined:
    case "text":
      return undefined;
    case "json":
      return { type: "json_object" };
    case "json_schema": {
      if (quirks.withoutJsonSchema) return { type: "json_object" };
      const { name, schema, description, strict } = format;
      return { type: "json_schema", json_schema: { name, description, schema, strict: strict === true } };
    }
  }
}

/** Adds the JSON Schema as a system instruction if the provider does not support schemas. */
function withSchemaInstruction(request: ModelRequest, { withoutJsonSchema }: Quirks): ModelRequest {
  if (!withoutJsonSchema || request.responseFormat?.type !== "json_schema") return request;
  const instruction = jsonInstruction(request.responseFormat);
  const firstTurn = request.messages.findIndex(({ role }) => role !== "system");
  const at = firstTurn === -1 ? request.messages.length : firstTurn;
  const message: ModelMessage = { role: "system", text: instruction };
  return { ...request, messages: request.messages.toSpliced(at, 0, message) };
}
