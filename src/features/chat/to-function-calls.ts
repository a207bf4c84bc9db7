import type { ChatStep } from "#features/chat/encode-chat.ts";

/**
 * Rewrites the calls of an answer for clients from before there were tools. Their form holds one call, so only the first
 * is shown.
 */
export async function* toFunctionCalls(steps: AsyncIterable<ChatStep>): AsyncGenerator<ChatStep> {
  let hasCall = false;
  for await (const step of steps) {
    if (step.kind === "end" && step.finish === "tool_calls") yield { ...step, finish: "function_call" };
    else if (step.kind !== "delta" || !step.delta.tool_calls) yield step;
    else if (!hasCall) {
      hasCall = true;
      const { tool_calls, ...delta } = step.delta;
      yield { ...step, delta: { ...delta, function_call: tool_calls[0]?.function } };
    }
  }
}
