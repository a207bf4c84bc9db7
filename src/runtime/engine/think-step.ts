import type { RunDependencies } from "#runtime/engine/run-dependencies.ts";
import type { RunTally } from "#runtime/engine/run-tally.ts";
import type { LiveRun } from "#runtime/live/index.ts";
import { type CalledTurn, callModel, type ModelCaller } from "#runtime/model-calls/index.ts";
import {
  buildModelMessages,
  buildRequest,
  type ConversationWindow,
  compactContext,
  createBlobReader,
} from "#runtime/prompt/index.ts";
import type { AnsweredBy, Journal, RunOptions } from "#runtime/runs/index.ts";
import type { OfferedTools } from "#runtime/tools/index.ts";

export interface ThinkStepOptions {
  readonly dependencies: RunDependencies;
  readonly caller: ModelCaller;
  readonly options: RunOptions;
  readonly window: ConversationWindow;
  /** The system prompt. */
  readonly system: string;
  readonly offer: OfferedTools;
  readonly journal: Journal;
  readonly live: LiveRun;
  readonly tally: RunTally;
  readonly signal: AbortSignal;
}

/** A model call, and the id of the message that it writes. */
export interface ThoughtTurn {
  readonly messageId: string;
  readonly turn: CalledTurn;
}

/** One model call of a run. It summarises older messages first if the context window is full. */
export class ThinkStep {
  readonly #options: ThinkStepOptions;
  readonly #readBlob: (id: string) => Promise<Uint8Array>;
  #hasRecovered = false;
  /** False after a failed summary. Later calls of this attempt then do not try again. */
  #canSummarise = true;

  constructor(options: ThinkStepOptions) {
    this.#options = options;
    const { blobs, db } = options.dependencies;
    this.#readBlob = createBlobReader(blobs, db.tenantId);
  }

  /** Calls the model. If the conversation does not fit, summarises it and calls again, at most once per attempt. */
  async run(isLast: boolean): Promise<ThoughtTurn> {
    const { window, journal, signal, dependencies } = this.#options;
    if (window.isFull && this.#canSummarise) await this.#compact();
    const messageId = await journal.startMessage();
    dependencies.failpoints.pass("step.begun");

    const turn = await this.#call(isLast);
    if (this.#hasRecovered || signal.aborted || !this.#isOverflow(turn))
      return { messageId, turn: failIfRoomless(turn) };
    this.#hasRecovered = true;
    if (!(await this.#compact())) return { messageId, turn: failIfRoomless(turn) };
    const nextMessageId = await this.#restartMessage(messageId, turn);
    return { messageId: nextMessageId, turn: failIfRoomless(await this.#call(isLast)) };
  }

  /**
   * Returns true if the conversation did not fit: the provider says so, or no room was left for an answer. A refusal
   * without a known cause counts too if the request came close to the model's window.
   */
  #isOverflow(turn: CalledTurn): boolean {
    const { end } = turn;
    if (end.kind === "finish") return isRoomless(turn);
    const { window } = this.#options;
    return (
      end.error.kind === "context_overflow" ||
      (end.error.kind === "invalid_request" && window.isNearlyFull(window.shown))
    );
  }

  /** Stores the usage of a call that is repeated. Resets its message if followers may have received a part of it. */
  async #restartMessage(messageId: string, turn: CalledTurn): Promise<string> {
    const { journal, tally } = this.#options;
    await tally.store(turn.counted);
    if (turn.parts.length === 0) return messageId;
    await journal.resetMessage(messageId);
    return journal.startMessage();
  }

  async #call(isLast: boolean): Promise<CalledTurn> {
    const { dependencies, caller, options, window, system, offer, live, tally, signal } = this.#options;
    const { agent } = caller;
    const listener = {
      answering: (by: AnsweredBy) => live.answering(by),
      text: (text: string) => {
        live.appendText(text);
        dependencies.failpoints.pass("step.streaming");
      },
      reasoning: (text: string) => live.appendReasoning(text),
    };
    const { shown, turns } = window;
    const messages = await buildModelMessages(system, shown, this.#readBlob);
    const isFirst = turns.every(({ role }) => role !== "assistant");
    const request = buildRequest(agent, options, messages, offer.forModel, { isFirst, isLast });
    const turn = await callModel(dependencies, caller, request, listener, signal);
    await tally.store(...turn.wasted);
    if (turn.usage && turn.model === agent.model) window.learn(shown, turn.usage.input);
    return turn;
  }

  async #compact(): Promise<boolean> {
    const { dependencies, caller, window, journal, tally, signal } = this.#options;
    const outcome = await compactContext({
      services: dependencies,
      caller,
      window,
      journal,
      signal,
      onUsage: (usage) => tally.count(usage),
    });
    if (outcome === "failed") this.#canSummarise = false;
    return outcome === "done";
  }
}

/** Returns true if the prompt left no room for an answer, so the provider ended it before its first word. */
const isRoomless = ({ end, text, calls, usage }: CalledTurn): boolean =>
  end.kind === "finish" && end.finish === "length" && text === "" && calls.length === 0 && !usage?.output;

/** An answer without a word is no success. */
const failIfRoomless = (turn: CalledTurn): CalledTurn =>
  isRoomless(turn) ? { ...turn, end: { kind: "error", error: ROOMLESS } } : turn;

const ROOMLESS = { kind: "context_overflow", message: "the prompt left no room for an answer" } as const;
