import type { TextsApart } from "#base/texts/texts-apart.ts";
import type { WireAnswer } from "#models/ai-sdk/wire-answer.ts";
import type { ModelError, ModelUsage } from "#models/language-model.ts";

/** Facts about one model call that the SDK does not expose. */
export class CallNotes {
  readonly #answers: WireAnswer[] = [];
  #isAnswered = false;
  /** Is called whenever bytes of an answer arrive. */
  readonly onAlive: (() => void) | undefined;
  /** The long texts of the request, in whose place the SDK has their names. */
  apart: TextsApart | undefined;
  /** The failure of the answer, recorded before the SDK parsed the answer. */
  failure: ModelError | undefined;

  constructor(onAlive?: () => void) {
    this.onAlive = onAlive;
  }

  /** The sum over all answers of the call: the SDK may request the rest of an answer that was cut off. */
  get usage(): ModelUsage | undefined {
    return this.#answers.map(({ usage }) => usage).reduce(add, undefined);
  }

  /** Whether the provider accepted the latest request and began an answer. */
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
