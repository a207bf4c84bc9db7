import type { LanguageModelV3FinishReason, LanguageModelV3StreamPart } from "@ai-sdk/provider";
import { ReasoningBlocks } from "#models/ai-sdk/reasoning-blocks.ts";
import { toModelUsage } from "#models/ai-sdk/to-model-usage.ts";
import { AnswerLimits } from "#models/answer-limits.ts";
import { malformed } from "#models/failures/model-failure.ts";
import type { ModelEvent, ModelFinish, ModelMetadata } from "#models/language-model.ts";

/**
 * Our events out of the SDK's parts. Ends with `finish`, or throws what went wrong: an error part, a stream that stops
 * without saying why the model stopped, or one that is past the limits.
 */
export async function* toModelEvents(
  parts: AsyncIterable<LanguageModelV3StreamPart>,
): AsyncGenerator<ModelEvent, void, undefined> {
  const limits = new AnswerLimits();
  const reasoning = new ReasoningBlocks();
  let calls = 0;
  for await (const part of parts) {
    switch (part.type) {
      case "text-delta":
        limits.addText(part.delta);
        if (part.delta !== "") yield { type: "text", text: part.delta };
        break;
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        if (part.type === "reasoning-delta") limits.addText(part.delta);
        yield* reasoning.take(part);
        break;
      case "tool-input-delta":
        limits.addText(part.delta);
        break;
      case "tool-call":
        if (part.providerExecuted) break;
        calls++;
        limits.addToolCall();
        yield toToolCall(part);
        break;
      case "finish": {
        const finish = calls > 0 ? "tool_calls" : toModelFinish(part.finishReason);
        yield { type: "finish", finish, usage: toModelUsage(part.usage) };
        return;
      }
      case "error":
        throw part.error;
      default:
        break;
    }
  }
  throw malformed("the stream ended without a finish");
}

type ToolCallPart = Extract<LanguageModelV3StreamPart, { type: "tool-call" }>;

const toToolCall = ({ toolCallId, toolName, input, providerMetadata }: ToolCallPart): ModelEvent => ({
  type: "tool_call",
  id: toolCallId,
  name: toolName,
  arguments: input || "{}",
  // Safe: an adapter's metadata holds nothing but JSON.
  ...(providerMetadata && { metadata: providerMetadata as ModelMetadata }),
});

function toModelFinish({ unified, raw }: LanguageModelV3FinishReason): ModelFinish {
  switch (unified) {
    case "stop":
    case "length":
      return unified;
    case "content-filter":
      return "content_filter";
    // Tool calls were announced and none came.
    case "tool-calls":
      return "stop";
    case "error":
      throw malformed("the stream ended with an error");
    case "other":
      if (raw === undefined) throw malformed("the stream ended without a reason");
      return "stop";
  }
}
