import { BETWEEN_TEXTS } from "#features/openai-messages/index.ts";
import { toCallItemId, toMessageItemId, toReasoningItemId } from "#features/responses/response-ids.ts";
import type { FunctionCall, OutputItem, OutputText } from "#features/responses/schema/response.ts";
import { type Message, reasoningOf, type ToolCallPart, textOf, toolCallsOf } from "#runtime/transcript/index.ts";

/** What a response shows of the model's reasoning. */
export interface ReasoningView {
  readonly showsSummary: boolean;
  /** Seals the reasoning of a message. Undefined if the caller did not ask for it. */
  readonly seal?: ((message: Message) => string | undefined) | undefined;
}

export const toOutputText = (text: string): OutputText => ({
  type: "output_text",
  text,
  annotations: [],
  logprobs: [],
});

/**
 * Returns the items of an answer's message: its reasoning if it is shown, its text, and the calls of the caller's tools.
 * `hasTextBefore` separates the text from that of an earlier message of the same response.
 */
export function toOutputItems(message: Message, view: ReasoningView, hasTextBefore: boolean): readonly OutputItem[] {
  const { id, parts, is_complete } = message;
  const calls = toolCallsOf(parts);
  const text = textOf(parts);
  const items: OutputItem[] = [...toReasoning(message, view)];
  // An answer without a word is an answer too.
  if (text !== "" || calls.length === 0) {
    items.push({
      type: "message",
      id: toMessageItemId(id),
      role: "assistant",
      status: is_complete ? "completed" : "incomplete",
      content: [toOutputText(hasTextBefore && text !== "" ? BETWEEN_TEXTS + text : text)],
    });
  }
  return [...items, ...calls.filter(({ is_client }) => is_client).map(toFunctionCall)];
}

function toReasoning(message: Message, { showsSummary, seal }: ReasoningView): readonly OutputItem[] {
  const { id, parts } = message;
  if (!parts.some(({ type }) => type === "reasoning")) return [];
  const sealed = seal?.(message);
  const text = showsSummary ? reasoningOf(parts) : "";
  if (sealed === undefined && text === "") return [];
  return [
    {
      type: "reasoning",
      id: toReasoningItemId(id),
      summary: text === "" ? [] : [{ type: "summary_text", text }],
      ...(sealed !== undefined && { encrypted_content: sealed }),
      status: "completed",
    },
  ];
}

const toFunctionCall = ({ id, name, arguments: json }: ToolCallPart): FunctionCall => ({
  type: "function_call",
  id: toCallItemId(id),
  call_id: id,
  name,
  arguments: json,
  status: "completed",
});

/** Returns whether items have text that a later text must be separated from. */
export const hasText = (items: readonly OutputItem[]): boolean =>
  items.some((item) => item.type === "message" && item.content.some(({ text }) => text !== ""));
