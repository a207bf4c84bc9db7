import type {
  JSONObject,
  LanguageModelV3Message,
  LanguageModelV3Prompt,
  SharedV3ProviderOptions,
} from "@ai-sdk/provider";
import { parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import type { ModelFile, ModelMessage, ModelReasoning, ModelText, ModelToolCall } from "#models/language-model.ts";

/** Whether tool arguments go out as the text that the model wrote or as the object that it means. */
export type ArgumentsForm = "text" | "object";

/** The SDK's messages for ours. */
export const toPrompt = (messages: readonly ModelMessage[], form: ArgumentsForm): LanguageModelV3Prompt =>
  messages.map((message) => toMessage(message, form));

function toMessage(message: ModelMessage, form: ArgumentsForm): LanguageModelV3Message {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.text };
    case "user":
      return { role: "user", content: message.parts.map(toUserPart) };
    case "assistant":
      return { role: "assistant", content: message.parts.map((part) => toAssistantPart(part, form)) };
    case "tool":
      return {
        role: "tool",
        content: message.results.map(({ callId, name, text, isError }) => ({
          type: "tool-result",
          toolCallId: callId,
          toolName: name,
          output: { type: isError ? "error-text" : "text", value: text },
        })),
      };
  }
}

function toUserPart(part: ModelText | ModelFile) {
  if (part.type === "text") return { type: "text" as const, text: part.text };
  const { mediaType, bytes, filename } = part;
  return { type: "file" as const, mediaType, data: bytes, ...(filename !== undefined && { filename }) };
}

function toAssistantPart(part: ModelText | ModelReasoning | ModelToolCall, form: ArgumentsForm) {
  switch (part.type) {
    case "text":
      return { type: "text" as const, text: part.text };
    case "reasoning":
      return {
        type: "reasoning" as const,
        text: part.text,
        ...(part.metadata !== undefined && { providerOptions: toProviderOptions(part.metadata) }),
      };
    case "tool_call":
      return {
        type: "tool-call" as const,
        toolCallId: part.id,
        toolName: part.name,
        input: toInput(part.arguments, form),
      };
  }
}

/** Safe: the metadata is what the same provider gave out in this very shape. */
const toProviderOptions = (metadata: object) => metadata as SharedV3ProviderOptions;

/** Providers refuse a history with broken arguments, so those travel inside an object that says what they are. */
function toInput(text: string, form: ArgumentsForm): string | JSONObject {
  const parsed = parseObject(text);
  if (parsed === undefined) return { invalid_json: text };
  return form === "text" ? text : parsed;
}

function parseObject(text: string): JSONObject | undefined {
  try {
    const value = parseJson(text, LIMITS.jsonDepth);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JSONObject) : undefined;
  } catch {
    return undefined;
  }
}
