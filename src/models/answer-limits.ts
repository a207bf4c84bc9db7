import { LIMITS } from "#base/limits.ts";
import { malformed } from "#models/failures/model-failure.ts";

/** Counts what one model call gives out; throws once it is more than any honest answer. */
export class AnswerLimits {
  #chars = 0;
  #calls = 0;

  /** Text, reasoning and tool arguments, as they arrive. */
  addText(text: string): void {
    this.#chars += text.length;
    if (this.#chars > LIMITS.modelOutputChars) throw malformed("the answer is too long");
  }

  addToolCall(): void {
    this.#calls++;
    if (this.#calls > LIMITS.modelToolCalls) throw malformed("the answer has too many tool calls");
  }
}
