import type { LanguageModelV3FinishReason, LanguageModelV3StreamPart } from "@ai-sdk/provider";
import type { JsonObject } from "#base/json.ts";
import { ReasoningMetadata } from "#models/ai-sdk/reasoning-metadata.ts";
import { toModelUsage } from "#models/ai-sdk/to-model-usage.ts";
import type { ModelEvent, ModelFinish } from "#models/language-model.ts";

/** What a stream that broke its protocol is reported as. */
export class MalformedStream extends Error {
  override readonly name = "MalformedStream";
}

/**
 * Our events out of the SDK's parts. Ends with `finish`, or throws what went wrong:
 * an error part, or a stream that stops without saying why the model stopped.
 */
export async function* toModelEvents(
  parts: AsyncIterable<LanguageModelV3StreamPart>,
): AsyncGenerator<ModelEvent, void, undefined> {
  const reasoning = new ReasoningMetadata();
  let hasToolCalls = false;
  for await (const part of parts) {
    switch (part.type) {
      case "text-delta":
        if (part.delta !== "") yield { type: "text", text: part.delta };
        break;
      case "reasoning-start":
      case "reasoning-delta":
        reasoning.add(part.id, part.providerMetadata);
        if (part.type === "reasoning-delta" && part.delta !== "") yield { type: "reasoning", text: part.delta };
        break;
      case "reasoning-end":
        yield reasoningEnd(reasoning.take(part.id, part.providerMetadata));
        break;
      case "tool-call":
        if (part.providerExecuted) break;
        hasToolCalls = true;
        yield { type: "tool_call", id: part.toolCallId, name: part.toolName, arguments: part.input || "{}" };
        break;
      case "finish": {
        const finish = hasToolCalls ? "tool_calls" : toModelFinish(part.finishReason);
        yield { type: "finish", finish, usage: toModelUsage(part.usage) };
        return;
      }
      case "error":
        throw part.error;
      default:
        break;
    }
  }
  throw new MalformedStream("the stream ended without a finish");
}

const reasoningEnd = (metadata: JsonObject | undefined): ModelEvent =>
  metadata === undefined ? { type: "reasoning_end" } : { type: "reasoning_end", metadata };

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
      throw new MalformedStream("the stream ended with an error");
    case "other":
      if (raw === undefined) throw new MalformedStream("the stream ended without a reason");
      return "stop";
  }
}
