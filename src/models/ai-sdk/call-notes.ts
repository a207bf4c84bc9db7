import type { WireAnswer } from "#models/ai-sdk/wire-answer.ts";
import type { ModelError, ModelUsage } from "#models/language-model.ts";

/** What was learnt of one call beside what the SDK makes of it. */
export class CallNotes {
  readonly #answers: WireAnswer[] = [];
  #isAnswered = false;
  /** What went wrong with an answer, as it was before the SDK read it. */
  failure: ModelError | undefined;

  /** Of all answers: the SDK may ask for the rest of one that was cut. */
  get usage(): ModelUsage | undefined {
    return this.#answers.map(({ usage }) => usage).reduce(add, undefined);
  }

  /** Whether the latest request was answered, not refused. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  begin(answer: WireAnswer): void {
    this.#answers.push(answer);
    this.#isAnswered = true;
  }

  refuse(): void {
    this.#isAnswered = false;
  }
}

function add(a: ModelUsage | undefined, b: ModelUsage | undefined): ModelUsage | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    reasoning: a.reasoning + b.reasoning,
  };
}
