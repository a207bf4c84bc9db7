import type { LanguageModelV3CallOptions, LanguageModelV3Message, LanguageModelV3Prompt } from "@ai-sdk/provider";

const CACHED = { anthropic: { cacheControl: { type: "ephemeral" } } };

/**
 * Marks what Anthropic keeps from call to call: the tools, the system text, the conversation, and the conversation as
 * the last call sent it, where this one finds what that one kept. Four points are all that the format has:
 * https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching.
 */
export function withCachePoints(options: LanguageModelV3CallOptions): LanguageModelV3CallOptions {
  const { tools, prompt } = options;
  const points = new Set([...systemPoint(prompt), ...conversationPoints(prompt)]);
  return {
    ...options,
    prompt: prompt.map((message, index) => (points.has(index) ? withPoint(message) : message)),
    ...(tools && { tools: tools.map((tool, index) => (index === tools.length - 1 ? withPoint(tool) : tool)) }),
  };
}

const withPoint = <Marked extends object>(marked: Marked): Marked => ({ ...marked, providerOptions: CACHED });

function systemPoint(prompt: LanguageModelV3Prompt): readonly number[] {
  const last = prompt.findLastIndex((message) => message.role === "system" && message.content !== "");
  return last === -1 ? [] : [last];
}

function conversationPoints(prompt: LanguageModelV3Prompt): readonly number[] {
  const last = prompt.findLastIndex(isMarkable);
  if (last === -1) return [];
  const turn = prompt.slice(0, last).findLastIndex(({ role }) => role === "assistant");
  const previous = prompt
    .slice(0, Math.max(turn, 0))
    .findLastIndex((message) => isSaid(message) && isMarkable(message));
  return previous === -1 ? [last] : [last, previous];
}

const isSaid = ({ role }: LanguageModelV3Message) => role === "user" || role === "tool";

/** Empty text and thinking cannot be marked. */
function isMarkable(message: LanguageModelV3Message): boolean {
  if (message.role === "system") return false;
  const part = message.content.at(-1);
  if (part === undefined || part.type === "reasoning") return false;
  return part.type !== "text" || part.text.trim() !== "";
}
