import type { LanguageModelV3CallOptions, LanguageModelV3Message, LanguageModelV3Prompt } from "@ai-sdk/provider";

const CACHED = { anthropic: { cacheControl: { type: "ephemeral" } } };

/**
 * Marks the points up to which Anthropic caches a prompt: tools, system text, conversation, and the conversation as the
 * previous call sent it. At the last point this call reads the cache that the previous call wrote. The format allows
 * four points: https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching.
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
  const last = prompt.findLastIndex((message) => message.role === "system");
  return last === -1 ? [] : [last];
}

function conversationPoints(prompt: LanguageModelV3Prompt): readonly number[] {
  const last = prompt.findLastIndex(isMarkable);
  if (last === -1) return [];
  const turn = prompt.slice(0, last).findLastIndex(({ role }) => role === "assistant");
  const previous = prompt
    .slice(0, Math.max(turn, 0))
    .findLastIndex((message) => isUserOrTool(message) && isMarkable(message));
  return previous === -1 ? [last] : [last, previous];
}

const isUserOrTool = ({ role }: LanguageModelV3Message) => role === "user" || role === "tool";

/** Returns false for system messages and for messages that end with thinking: Anthropic refuses a mark there. */
function isMarkable(message: LanguageModelV3Message): boolean {
  if (message.role === "system") return false;
  const part = message.content.at(-1);
  return part !== undefined && part.type !== "reasoning";
}
