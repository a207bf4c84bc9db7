import type { LanguageModelV3FinishReason, LanguageModelV3StreamPart } from "@ai-sdk/provider";
import { ReasoningBlocks } from "#models/ai-sdk/reasoning-blocks.ts";
import { toModelUsage } from "#models/ai-sdk/to-model-usage.ts";
import { AnswerLimits } from "#models/answer-limits.ts";
import { ModelFailure, malformed } from "#models/failures/model-failure.ts";
import type { ModelEvent, ModelFinish, ModelMetadata } from "#models/language-model.ts";
import { toWholeArguments } from "#models/whole-arguments.ts";

/**
 * Converts the SDK's stream parts into our events. Ends with `finish`. Throws the error of an error part, or
 * `ModelFailure` if the stream has no finish reason or exceeds the limits.
 */
export async function* toModelEvents(
  parts: AsyncIterable<LanguageModelV3StreamPart>,
): AsyncGenerator<ModelEvent, void, undefined> {
  const limits = new AnswerLimits();
  const reasoning = new ReasoningBlocks();
  const calls: ToolCallPart[] = [];
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
        countMetadata(part, limits);
        yield* reasoning.take(part);
        break;
      case "tool-input-start":
        yield { type: "progress" };
        break;
      case "tool-input-delta":
        limits.addText(part.delta);
        yield { type: "progress" };
        break;
      case "tool-call":
        if (part.providerExecuted) break;
        limits.addToolCall();
        limits.addText(part.toolName + part.toolCallId);
        countMetadata(part, limits);
        calls.push(part);
        yield { type: "progress" };
        break;
      case "finish": {
        const { finishReason, usage } = part;
        if (finishReason.raw === "model_context_window_exceeded") throw OUT_OF_WINDOW;
        const isCut = finishReason.unified === "length";
        yield* calls.map((call, index) => toToolCall(call, isCut && index === calls.length - 1));
        const finish = calls.length > 0 ? "tool_calls" : toModelFinish(finishReason);
        yield { type: "finish", finish, usage: toModelUsage(usage) };
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

/** Anthropic's stop reason: https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons. */
const OUT_OF_WINDOW = new ModelFailure({ kind: "context_overflow", message: "the answer exceeded the context window" });

type ToolCallPart = Extract<LanguageModelV3StreamPart, { type: "tool-call" }>;

/** Counts metadata towards the size limit, because it is stored with the answer. */
function countMetadata({ providerMetadata }: Pick<ToolCallPart, "providerMetadata">, limits: AnswerLimits): void {
  if (providerMetadata) limits.addText(JSON.stringify(providerMetadata));
}

const toToolCall = ({ toolCallId, toolName, input, providerMetadata }: ToolCallPart, isCut: boolean): ModelEvent => ({
  type: "tool_call",
  id: toolCallId,
  name: toolName,
  // The SDK writes an empty object if the arguments are missing.
  arguments: toWholeArguments(input === "{}" ? [] : [input], { isCut, isGuessed: false }),
  // Safe: an adapter's metadata consists of JSON values only.
  ...(providerMetadata && { metadata: providerMetadata as ModelMetadata }),
});

function toModelFinish({ unified, raw }: LanguageModelV3FinishReason): ModelFinish {
  switch (unified) {
    case "stop":
    case "length":
      return unified;
    case "content-filter":
      return "content_filter";
    // The provider announced tool calls but sent none.
    case "tool-calls":
      return "stop";
    case "error":
      throw malformed("the stream ended with an error");
    case "other":
      if (raw === undefined) throw malformed("the stream ended without a reason");
      return "stop";
  }
}
