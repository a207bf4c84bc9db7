import { randomHex } from "#base/ids.ts";
import type { AnswerEvent, ModelError, ModelFinish, ModelMetadata, ModelUsage } from "#models/language-model.ts";
import type { MessagePart } from "#runtime/transcript/index.ts";

/** One model call, read to its end. */
export interface ModelTurn {
  readonly text: string;
  /** Reasoning and text in the order of the stream, without the calls. */
  readonly parts: readonly MessagePart[];
  readonly calls: readonly TurnCall[];
  readonly usage: ModelUsage | undefined;
  readonly end:
    | { readonly kind: "finish"; readonly finish: ModelFinish }
    | { readonly kind: "error"; readonly error: ModelError };
}

export interface TurnCall {
  /** Ours: unique among all calls, and what a caller hands back with its result. */
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  /** The provider's own, handed back to it unchanged. */
  readonly metadata?: ModelMetadata | undefined;
}

export interface TurnListener {
  text(text: string): void;
  reasoning(text: string): void;
}

const newCallId = () => `call_${randomHex(12)}`;

/** Passes the events of a model call on to a listener and gathers them. */
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

/** Half a character, of which the other never came, is replaced: what is stored can be said in UTF-8. */
const toWhole = (part: MessagePart): MessagePart =>
  part.type === "text" || part.type === "reasoning" ? { ...part, text: part.text.toWellFormed() } : part;

function extend(parts: MessagePart[], type: "text" | "reasoning", text: string): void {
  const last = parts.at(-1);
  if (last?.type === type && !("metadata" in last)) parts[parts.length - 1] = { ...last, text: last.text + text };
  else parts.push({ type, text });
}

/** Ends a block of reasoning, so that the signature of one is not mixed with the text of the next. */
function closeReasoning(
  parts: MessagePart[],
  metadata: Extract<AnswerEvent, { type: "reasoning_end" }>["metadata"],
): void {
  const index = parts.findLastIndex(({ type }) => type === "reasoning");
  const block = parts[index];
  if (block?.type === "reasoning" && metadata) {
    // Metadata is JSON from the adapter; the schema's type differs only in being mutable.
    parts[index] = { ...block, metadata: metadata as NonNullable<typeof block.metadata> };
  }
}
