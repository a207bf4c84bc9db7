import { LIMITS } from "#base/limits.ts";
import { malformed } from "#models/failures/model-failure.ts";

/**
 * Enforces size limits on the output of one model call. Throws `ModelFailure` of kind `malformed` if a limit is
 * exceeded.
 */
export class AnswerLimits {
  #chars = 0;
  #calls = 0;

  /** Counts text, reasoning and tool arguments as they arrive. */
  addText(text: string): void {
    this.#chars += text.length;
    if (this.#chars > LIMITS.modelOutputChars) throw malformed("the answer is too long");
  }

  addToolCall(): void {
    this.#calls++;
    if (this.#calls > LIMITS.modelToolCalls) throw malformed("the answer has too many tool calls");
  }
}
