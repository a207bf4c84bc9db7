import { findCut } from "#runtime/prompt/find-cut.ts";
import { fitHistory } from "#runtime/prompt/fit-history.ts";
import { showMedia } from "#runtime/prompt/show-media.ts";
import { showRefused } from "#runtime/prompt/show-refused.ts";
import { sizeOfAll, type TokenEstimator } from "#runtime/prompt/token-estimator.ts";
import type { RunnableAgent } from "#runtime/runs/index.ts";
import type { Message } from "#runtime/transcript/index.ts";
import { applySummary } from "#runtime/transcript/index.ts";

export interface ConversationWindowOptions {
  readonly tenantId: string;
  readonly runId: string;
  readonly agent: RunnableAgent;
  readonly tokens: TokenEstimator;
  /** The session's transcript, beginning with its summary. */
  readonly transcript: readonly Message[];
  /** The last message that the session's summary covers. */
  readonly summaryUntil: string | null;
  /** The messages of this run so far. A summary may already cover some of them. */
  readonly turns: readonly Message[];
  /** The characters that each call holds beside its messages: the system prompt and the tools. */
  readonly overhead: number;
}

/** The tokens reserved for an answer if the agent sets no maximum: this number, or this share of a small window. */
const DEFAULT_OUTPUT_TOKENS = 4_096;
const DEFAULT_OUTPUT_SHARE = 0.25;
/** The characters of a long summary. If the messages have less room than this, no summary is written. */
const SUMMARY_CHARS = 4_000;
const KEPT_SHARE = 0.3;
/** Estimates are rough, so a request above this share of the window may in truth exceed it. */
const NEARLY_FULL = 0.8;

/**
 * The messages of a session that the model reads during one attempt. It grows with each turn and shrinks with each
 * summary.
 */
export class ConversationWindow {
  readonly #options: ConversationWindowOptions;
  #transcript: readonly Message[];
  #turns: readonly Message[];
  #summaryUntil: string | null;

  constructor(options: ConversationWindowOptions) {
    this.#options = options;
    this.#transcript = options.transcript.map(showRefused);
    this.#turns = options.turns;
    this.#summaryUntil = options.summaryUntil;
  }

  get transcript(): readonly Message[] {
    return this.#transcript;
  }

  /** The messages of this run alone. */
  get turns(): readonly Message[] {
    return this.#turns;
  }

  /** The messages that no earlier run has answered. */
  get unanswered(): readonly Message[] {
    const isAnswer = ({ role, run_id }: Message) => role === "assistant" && run_id !== this.#options.runId;
    return this.#transcript.slice(this.#transcript.findLastIndex(isAnswer) + 1);
  }

  append(messages: readonly Message[]): void {
    this.#transcript = [...this.#transcript, ...messages];
    this.#turns = [...this.#turns, ...messages.filter(({ run_id }) => run_id === this.#options.runId)];
  }

  /** True if the transcript exceeds the part of the context window that messages may fill. */
  get isFull(): boolean {
    return sizeOfAll(this.#visible) > this.#room;
  }

  /** True if the call with these messages, and the room for its answer, comes close to the model's window. */
  isNearlyFull(shown: readonly Message[]): boolean {
    const { agent, tokens, overhead } = this.#options;
    const left = agent.contextWindow * NEARLY_FULL - this.#outputTokens;
    return sizeOfAll(shown) + overhead >= tokens.charsOf(this.#target, left);
  }

  /** The messages that a summary should cover. Undefined if a summary would not help. */
  get dispensable(): readonly Message[] | undefined {
    if (this.#room < SUMMARY_CHARS) return undefined;
    const { keepLastMessages } = this.#options.agent.compaction;
    const keep = Math.max(keepLastMessages, Math.ceil(this.#transcript.length * KEPT_SHARE));
    // The provider may have rejected a transcript that fits by the estimate, so at most half of it stays.
    const room = Math.min(this.#room, sizeOfAll(this.#transcript)) / 2;
    const cut = findCut(this.#transcript, { keep, room });
    const covered = this.#transcript.slice(0, cut);
    // A summary of only the previous summary would gain nothing.
    return cut === 0 || covered.at(-1)?.id === this.#summaryUntil ? undefined : covered;
  }

  /** Replaces the messages up to `untilId` with a summary. */
  shorten(summary: string, untilId: string): void {
    this.#transcript = applySummary(this.#transcript, { summary, summary_until_id: untilId });
    this.#summaryUntil = untilId;
  }

  /** The messages of the next call. The oldest turns are left out if the transcript still does not fit. */
  get shown(): readonly Message[] {
    return fitHistory(this.#visible, this.#room, this.#summary);
  }

  /** The transcript with the images and files that are shown. */
  get #visible(): readonly Message[] {
    return showMedia(this.#transcript, this.#options.runId);
  }

  /** The message that holds the session's summary. */
  get #summary(): Message | undefined {
    const first = this.#transcript[0];
    return first?.id === this.#summaryUntil ? first : undefined;
  }

  /** Learns from the number of tokens that the provider counted for a call with these messages. */
  learn(shown: readonly Message[], tokens: number): void {
    this.#options.tokens.learn(this.#target, sizeOfAll(shown) + this.#options.overhead, tokens);
  }

  get #target() {
    const { tenantId, agent } = this.#options;
    return { tenantId, provider: agent.provider, model: agent.model };
  }

  /** The number of characters that messages may fill. */
  get #room(): number {
    const { agent, tokens, overhead } = this.#options;
    const { contextWindow, compaction } = agent;
    const share = contextWindow * compaction.maxHistoryShare;
    const fillable = Math.min(share, contextWindow - this.#outputTokens - compaction.reserveTokens);
    return Math.max(0, tokens.charsOf(this.#target, fillable) - overhead);
  }

  /** The tokens reserved for an answer. */
  get #outputTokens(): number {
    const { contextWindow, maxOutputTokens } = this.#options.agent;
    return maxOutputTokens ?? Math.min(DEFAULT_OUTPUT_TOKENS, contextWindow * DEFAULT_OUTPUT_SHARE);
  }
}
