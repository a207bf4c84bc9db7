import type { Clock } from "#base/clock.ts";
import type {
  AnswerEvent,
  CallTimeouts,
  LanguageModel,
  ModelError,
  ModelRequest,
  ReasoningEffort,
} from "#models/language-model.ts";
import { CallPlan } from "#models/resilience/call-plan.ts";
import { failurePolicy, type RetrySettings, retryDelay } from "#models/resilience/failure-policy.ts";
import { guardStream } from "#models/resilience/guard-stream.ts";
import { ABORTED, circuitOpen, untilPauseIsOver } from "#models/resilience/held-calls.ts";
import type { CallTarget, ProviderHealth } from "#models/resilience/provider-health.ts";
import { requireAnswer } from "#models/resilience/require-answer.ts";

/** The result of opening a candidate. */
interface Openable {
  readonly model: LanguageModel;
  /** The same models behind the provider's further keys. */
  readonly otherKeys: readonly LanguageModel[];
  /** Applies to requests with `inheritsReasoning`. */
  readonly reasoningEffort?: ReasoningEffort | undefined;
}

/** A model that may answer. `open` rejects if its provider cannot be used. */
export interface Candidate<Opened extends Openable> {
  readonly target: CallTarget;
  readonly open: () => Promise<Opened>;
}

export type LastEvent = Extract<AnswerEvent, { type: "finish" | "error" }>;

/** One finished call over the network. */
export interface CallReport<Opened> {
  readonly target: CallTarget;
  readonly opened: Opened;
  readonly startedAt: Date;
  /** When the first part of the answer came, also of its reasoning. Undefined if none came. */
  readonly firstAt: Date | undefined;
  readonly endedAt: Date;
  readonly last: LastEvent;
  /** The place of the provider's key, from 1. Undefined if it has only one. */
  readonly keyNumber: number | undefined;
}

export interface CallDependencies {
  readonly health: ProviderHealth;
  readonly clock: Clock;
  readonly timeouts: CallTimeouts;
  readonly retries: RetrySettings;
  /** Resolves early if the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Returns a number between 0 and 1. */
  readonly random: () => number;
}

export interface CallOptions<Opened extends Openable> {
  /** In the order of preference. Not empty. */
  readonly candidates: readonly Candidate<Opened>[];
  /** Whether candidates in cool-down are tried last. */
  readonly skipsCoolingDown: boolean;
  /** Called once for every call over the network. */
  readonly onCall: (report: CallReport<Opened>) => void;
  /** Called before the first event of an answer. */
  readonly onAnswer: (answering: Answering) => void;
}

/** The candidate that answers. */
export interface Answering {
  readonly target: CallTarget;
  /** True if the request offered tools, and the candidate received none because it cannot call any. */
  readonly withoutTools: boolean;
}

/**
 * Makes a model call with retries, then with failover to the next candidate. Both happen only before the first text or
 * tool call; a later failure ends the call. Reasoning alone is no answer yet. Rejects only if opening the last
 * candidate rejects.
 */
export async function* callWithFailover<Opened extends Openable>(
  request: ModelRequest,
  signal: AbortSignal,
  options: CallOptions<Opened>,
  dependencies: CallDependencies,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const candidates = byHealth(options, dependencies.health);
  const shown = { hasReasoning: false };
  for (const [index, candidate] of candidates.entries()) {
    const isLast = index === candidates.length - 1;
    const opened = await openCandidate(candidate, isLast);
    if (!opened) continue;
    const paused = await untilPauseIsOver(candidate.target, isLast, signal, dependencies);
    const failed =
      (paused && failure(paused)) ??
      (yield* callCandidate(candidate, opened, request, signal, shown, options, dependencies));
    if (!failed) return;
    if (isLast || !failurePolicy(failed.error).failsOver || signal.aborted) {
      yield failed;
      return;
    }
  }
}

/** Moves candidates in cool-down to the end. If all are in cool-down, the order stays the same. */
function byHealth<Opened extends Openable>(
  { candidates, skipsCoolingDown }: CallOptions<Opened>,
  health: ProviderHealth,
): readonly Candidate<Opened>[] {
  if (!skipsCoolingDown || candidates.length === 1) return candidates;
  const cooling = candidates.filter(({ target }) => health.isCoolingDown(target));
  if (cooling.length === 0) return candidates;
  return [...candidates.filter((candidate) => !cooling.includes(candidate)), ...cooling];
}

async function openCandidate<Opened extends Openable>(
  { open }: Candidate<Opened>,
  isLast: boolean,
): Promise<Opened | undefined> {
  try {
    return await open();
  } catch (thrown) {
    if (isLast) throw thrown;
    return undefined;
  }
}

type Failed = Extract<AnswerEvent, { type: "error" }>;

const failure = (error: ModelError): Failed => ({ type: "error", error });

/**
 * Calls one candidate, with retries. A failure of one key moves on to the next key at once. Returns the failure if no
 * answer has begun; a failure during the answer is yielded.
 */
async function* callCandidate<Opened extends Openable>(
  { target }: Candidate<Opened>,
  opened: Opened,
  request: ModelRequest,
  signal: AbortSignal,
  shown: { hasReasoning: boolean },
  { onCall, onAnswer }: Pick<CallOptions<Opened>, "onCall" | "onAnswer">,
  { health, clock, timeouts, retries, sleep, random }: CallDependencies,
): AsyncGenerator<AnswerEvent, Failed | undefined, undefined> {
  const ownRequest = { ...withProviderReasoning(request, opened), model: target.model };
  const plan = new CallPlan({ target, models: [opened.model, ...opened.otherKeys], request: ownRequest, health });
  for (let attempt = 1; ; ) {
    const openForMs = health.openForMs(target);
    if (openForMs !== undefined) return failure(circuitOpen(openForMs));
    const startedAt = clock.now();
    let firstAt: Date | undefined;
    let hasBegun = false;
    let last: LastEvent | undefined;
    if (shown.hasReasoning) yield { type: "restart" };
    shown.hasReasoning = false;
    const events = guardStream(plan.model, plan.request, signal, timeouts);
    for await (const event of requireAnswer(events, plan.request)) {
      if (event.type === "finish" || event.type === "error") last = event;
      else if (event.type !== "progress") {
        firstAt ??= clock.now();
        const isAnswer = event.type === "text" || event.type === "tool_call";
        if (isAnswer && !hasBegun) onAnswer({ target, withoutTools: plan.withoutTools });
        hasBegun ||= isAnswer;
        shown.hasReasoning ||= !isAnswer;
        yield event;
      }
    }
    last ??= failure(NO_END);
    onCall({ target, opened, startedAt, firstAt, endedAt: clock.now(), last, keyNumber: plan.keyNumber });
    if (last.type === "finish") {
      plan.succeeded();
      if (!hasBegun) onAnswer({ target, withoutTools: plan.withoutTools });
      yield last;
      return undefined;
    }
    if (!hasBegun && plan.adapt(last.error)) continue;
    const delay = hasBegun ? undefined : retryDelay(last.error, ++attempt, retries, random());
    if (delay === undefined || signal.aborted) {
      plan.failed(last.error, hasBegun);
      if (!hasBegun) return last;
      yield last;
      return undefined;
    }
    await sleep(delay, signal);
    if (signal.aborted) return failure(ABORTED);
  }
}

function withProviderReasoning(request: ModelRequest, { reasoningEffort }: Openable): ModelRequest {
  if (!request.inheritsReasoning || reasoningEffort === undefined) return request;
  return { ...request, settings: { ...request.settings, reasoningEffort } };
}

const NO_END: ModelError = { kind: "malformed", message: "the answer had no end" };
