import { randomHex } from "#base/random-hex.ts";
import type { AnswerEvent, ModelError, ModelFinish, ModelMetadata, ModelUsage } from "#models/language-model.ts";
import type { MessagePart } from "#runtime/transcript/index.ts";

/** A model call whose stream was read to its end. */
export interface ModelTurn {
  readonly text: string;
  /** Reasoning and text in the order of the stream, without the tool calls. */
  readonly parts: readonly MessagePart[];
  readonly calls: readonly TurnCall[];
  readonly usage: ModelUsage | undefined;
  readonly end:
    | { readonly kind: "finish"; readonly finish: ModelFinish }
    | { readonly kind: "error"; readonly error: ModelError };
}

export interface TurnCall {
  /** The gateway's own id, unique among all calls. A caller returns it with the result. */
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  /** The provider's own data, which is returned to it unchanged. */
  readonly metadata?: ModelMetadata | undefined;
}

export interface TurnListener {
  text(text: string): void;
  reasoning(text: string): void;
}

const newCallId = () => `call_${randomHex(12)}`;

/** Reads a model call to its end, and passes its text and reasoning on to a listener. */
export async function streamTurn(events: AsyncIterable<AnswerEvent>, listener: TurnListener): Promise<ModelTurn> {
  const parts: MessagePart[] = [];
  const calls: TurnCall[] = [];
  let text = "";
  let last: Extract<AnswerEvent, { type: "finish" | "error" }> | undefined;

  for await (const event of events) {
    switch (event.type) {
      case "text":
        text += event.text;
        extend(parts, "text", event.text);
        listener.text(event.text);
        break;
      case "reasoning":
        extend(parts, "reasoning", event.text);
        listener.reasoning(event.text);
        break;
      case "reasoning_end":
        closeReasoning(parts, event.metadata);
        break;
      case "restart":
        parts.length = 0;
        break;
      case "tool_call":
        calls.push({
          id: newCallId(),
          name: event.name,
          arguments: event.arguments.toWellFormed(),
          ...(event.metadata && { metadata: event.metadata }),
        });
        break;
      default:
        last = event;
    }
  }

  const end =
    last?.type === "finish"
      ? { kind: "finish" as const, finish: last.finish }
      : { kind: "error" as const, error: last?.error ?? { kind: "malformed" as const, message: "no last event" } };
  return { text: text.toWellFormed(), parts: parts.map(toWhole), calls, usage: last?.usage, end };
}

/** Replaces a lone surrogate at the end of a broken stream, because stored text must be valid Unicode. */
const toWhole = (part: MessagePart): MessagePart =>
  part.type === "text" || part.type === "reasoning" ? { ...part, text: part.text.toWellFormed() } : part;

function extend(parts: MessagePart[], type: "text" | "reasoning", text: string): void {
  const last = parts.at(-1);
  if (last?.type === type && !("metadata" in last)) parts[parts.length - 1] = { ...last, text: last.text + text };
  else parts.push({ type, text });
}

/** Ends a block of reasoning, so the signature of one block never joins the text of the next. */
function closeReasoning(
  parts: MessagePart[],
  metadata: Extract<AnswerEvent, { type: "reasoning_end" }>["metadata"],
): void {
  const index = parts.findLastIndex(({ type }) => type === "reasoning");
  const block = parts[index];
  if (block?.type === "reasoning" && metadata) {
    // Safe: metadata is JSON from the adapter. The schema's type differs only in being mutable.
    parts[index] = { ...block, metadata: metadata as NonNullable<typeof block.metadata> };
  }
}
