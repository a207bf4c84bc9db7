import { recordOf } from "#base/json.ts";
import { toModelUsage } from "#models/ai-sdk/to-model-usage.ts";
import type { WireAnswer, WireEvent } from "#models/ai-sdk/wire-answer.ts";
import { withReported } from "#models/ai-sdk/with-reported.ts";

/** The types of content blocks and deltas that we process. */
const BLOCKS: ReadonlySet<unknown> = new Set(["text", "thinking", "redacted_thinking", "tool_use"]);
const DELTAS: ReadonlySet<unknown> = new Set(["text_delta", "thinking_delta", "signature_delta", "input_json_delta"]);

const NO_TOKENS = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

/**
 * Tracks an answer in the Anthropic messages format. Clients must ignore types that they do not know:
 * https://docs.anthropic.com/en/docs/build-with-claude/streaming.
 */
export class AnthropicAnswer implements WireAnswer {
  readonly #skippedBlocks = new Set<unknown>();
  #counts: Readonly<Record<keyof typeof NO_TOKENS, number>> = NO_TOKENS;
  #thinking = { thinking_tokens: 0 } as Readonly<Record<"thinking_tokens", number>>;
  #stopReason: string | undefined;
  #hasContent = false;
  #hasEnded = false;

  get usage() {
    const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = this.#counts;
    return toModelUsage({
      inputTokens: {
        total: undefined,
        noCache: input_tokens,
        cacheRead: cache_read_input_tokens,
        cacheWrite: cache_creation_input_tokens,
      },
      outputTokens: { total: output_tokens, text: undefined, reasoning: this.#thinking.thinking_tokens },
    });
  }

  /** A stop reason before the first content ends nothing. */
  get hasFinished(): boolean {
    return this.#stopReason !== undefined && this.#hasContent;
  }

  take(event: WireEvent): WireEvent | undefined {
    switch (event.type) {
      case "message_start": {
        const { id, usage } = recordOf(event.message);
        return { type: event.type, message: { id, usage: this.#count(usage) } };
      }
      case "content_block_start":
        this.#skippedBlocks.delete(event.index);
        if (BLOCKS.has(recordOf(event.content_block).type)) return this.#noteContent(event, event.content_block);
        this.#skippedBlocks.add(event.index);
        return undefined;
      case "content_block_delta":
        if (this.#skippedBlocks.has(event.index)) return undefined;
        return DELTAS.has(recordOf(event.delta).type) ? this.#noteContent(event, event.delta) : undefined;
      case "content_block_stop":
        return this.#skippedBlocks.delete(event.index) ? undefined : event;
      case "message_delta": {
        const { stop_reason } = recordOf(event.delta);
        if (typeof stop_reason === "string") this.#stopReason = stop_reason;
        return { type: event.type, delta: { stop_reason: this.#stopReason }, usage: this.#count(event.usage) };
      }
      case "message_stop":
        if (this.#stopReason === undefined) return this.#stopWithoutReason();
        this.#hasEnded = true;
        return event;
      default:
        return undefined;
    }
  }

  findMissingEnd(): WireEvent | undefined {
    return this.#stopReason !== undefined && !this.#hasEnded ? { type: "message_stop" } : undefined;
  }

  /** Notes whether a block or delta belongs to the answer. Thoughts come before it. */
  #noteContent(event: WireEvent, content: unknown): WireEvent {
    const { type, text } = recordOf(content);
    this.#hasContent ||= type === "tool_use" || (typeof text === "string" && text !== "");
    return event;
  }

  /** Returns the event that gives a properly ended message its reason. The end event then follows as a missing one. */
  #stopWithoutReason(): WireEvent {
    this.#stopReason = "end_turn";
    return { type: "message_delta", delta: { stop_reason: this.#stopReason }, usage: this.#count(undefined) };
  }

  /** Merges a usage report into the counts. Reports are cumulative, and each may omit counts that did not change. */
  #count(reported: unknown): WireEvent {
    this.#counts = withReported(this.#counts, reported);
    this.#thinking = withReported(this.#thinking, recordOf(reported).output_tokens_details);
    return { ...this.#counts, output_tokens_details: this.#thinking };
  }
}
