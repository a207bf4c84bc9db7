import type { ReplyUsage } from "#testing/model-server/model-reply.ts";
import type { EncodedCall, WireEncoder, WireUsage } from "#testing/model-server/wire-encoder.ts";

export function createOpenAiEncoder(id: string, model: string, includesUsage: boolean): WireEncoder {
  const base = { id: `chatcmpl-${id}`, created: 1_700_000_000, model };
  let calls = 0;
  const line = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
  const chunk = (delta: object, finish_reason: string | null = null) =>
    line({ ...base, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] });

  return {
    start: () => chunk({ role: "assistant", content: "" }),
    text: (content) => chunk({ content }),
    reasoning: (reasoning_content) => chunk({ reasoning_content }),
    toolCall({ id: callId, name, arguments: text }) {
      const index = calls++;
      const half = Math.ceil(text.length / 2);
      const opening = { index, id: callId, type: "function", function: { name, arguments: text.slice(0, half) } };
      const rest = { index, function: { arguments: text.slice(half) } };
      return chunk({ tool_calls: [opening] }) + chunk({ tool_calls: [rest] });
    },
    finish(finish, usages) {
      const reported = includesUsage ? usages : [];
      const last = reported.map((usage) => line({ ...base, choices: [], usage: rawUsage(usage) })).join("");
      return chunk({}, finish) + last;
    },
    end: () => "data: [DONE]\n\n",
    whole({ text, reasoning, calls: toolCalls, finish, usage }) {
      const message = {
        role: "assistant",
        content: text === "" && toolCalls.length > 0 ? null : text,
        ...(reasoning !== "" && { reasoning_content: reasoning }),
        ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(toToolCall) }),
      };
      const choices = [{ index: 0, message, finish_reason: finish }];
      return { ...base, object: "chat.completion", choices, ...(usage !== null && { usage: toUsage(usage) }) };
    },
    error: (status, message) => ({ error: { message, type: "invalid_request_error", code: `status_${status}` } }),
  };
}

const toToolCall = ({ id, name, arguments: text }: EncodedCall) => ({
  id,
  type: "function",
  function: { name, arguments: text },
});

const rawUsage = (usage: WireUsage): unknown => ("raw" in usage ? usage.raw : toUsage(usage.counts));

const toUsage = ({ input, output, cacheRead = 0, reasoning = 0 }: ReplyUsage) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cacheRead },
  completion_tokens_details: { reasoning_tokens: reasoning },
});
