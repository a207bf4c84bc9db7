import { isRecord, recordOf } from "#base/json.ts";
import { toModelUsage } from "#models/ai-sdk/to-model-usage.ts";
import type { WireAnswer, WireEvent } from "#models/ai-sdk/wire-answer.ts";
import { withReported } from "#models/ai-sdk/with-reported.ts";

const NO_TOKENS = {
  promptTokenCount: 0,
  candidatesTokenCount: 0,
  thoughtsTokenCount: 0,
  cachedContentTokenCount: 0,
};

/** Tracks an answer in Google's own format. */
export class GoogleAnswer implements WireAnswer {
  #counts: Readonly<Record<keyof typeof NO_TOKENS, number>> = NO_TOKENS;
  #hasContent = false;
  #isStopped = false;
  /** Whether content arrived after a finish reason. Some models send a finish reason with every event. */
  #hasContinued = false;

  get usage() {
    const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, cachedContentTokenCount } = this.#counts;
    return toModelUsage({
      inputTokens: {
        total: promptTokenCount,
        noCache: undefined,
        cacheRead: cachedContentTokenCount,
        cacheWrite: undefined,
      },
      outputTokens: {
        total: candidatesTokenCount + thoughtsTokenCount,
        text: undefined,
        reasoning: thoughtsTokenCount,
      },
    });
  }

  get hasFinished(): boolean {
    return this.#isStopped && !this.#hasContinued;
  }

  take(event: WireEvent): WireEvent {
    const { finishReason, content } = recordOf(listOf(event.candidates)[0]);
    const hasMore = listOf(recordOf(content).parts).some(isContent);
    if (this.#isStopped && hasMore) this.#hasContinued = true;
    this.#hasContent ||= hasMore;
    // A finish reason before the first content ends nothing.
    if (typeof finishReason === "string") this.#isStopped = this.#hasContent;

    const { usageMetadata, ...rest } = event;
    if (!isRecord(usageMetadata)) return rest;
    this.#counts = withReported(this.#counts, usageMetadata);
    return { ...rest, usageMetadata: this.#counts };
  }

  findMissingEnd(): undefined {
    return undefined;
  }
}

/** Returns whether a part belongs to the answer. Thoughts come before it. */
const isContent = (part: unknown): boolean => recordOf(part).text !== "" && recordOf(part).thought !== true;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
