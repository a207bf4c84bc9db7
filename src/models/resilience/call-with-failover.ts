import type { Clock } from "#base/clock.ts";
import type {
  AnswerEvent,
  LanguageModel,
  ModelError,
  ModelEvent,
  ModelRequest,
  ReasoningEffort,
} from "#models/language-model.ts";
import { failurePolicy, type RetrySettings, retryDelay } from "#models/resilience/failure-policy.ts";
import { type CallTimeouts, guardStream } from "#models/resilience/guard-stream.ts";
import type { CallTarget, ProviderHealth } from "#models/resilience/provider-health.ts";

/** What opening a candidate gives. */
interface Openable {
  readonly model: LanguageModel;
  /** For requests that inherit it. */
  readonly reasoningEffort?: ReasoningEffort | undefined;
}

/** A model that may answer. Opening it rejects when its provider cannot be used at all. */
export interface Candidate<Opened extends Openable> {
  readonly target: CallTarget;
  readonly open: () => Promise<Opened>;
}

export type LastEvent = Extract<AnswerEvent, { type: "finish" | "error" }>;

/** One call over the network, after it ended. */
export interface CallReport<Opened> {
  readonly target: CallTarget;
  readonly opened: Opened;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly last: LastEvent;
}

export interface CallDependencies {
  readonly health: ProviderHealth;
  readonly clock: Clock;
  readonly timeouts: CallTimeouts;
  readonly retries: RetrySettings;
  /** Resolves early when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Between 0 and 1. */
  readonly random: () => number;
}

export interface CallOptions<Opened extends Openable> {
  /** In the order in which they are tried; not empty. */
  readonly candidates: readonly Candidate<Opened>[];
  /** Whether a candidate that failed lately is passed over while there are others. */
  readonly skipsCooling: boolean;
  /** Hears of every call. */
  readonly onCall: (report: CallReport<Opened>) => void;
}

/**
 * A model call that is tried again, and then with the next candidate, as long as nothing of an answer has come; from the
 * first event on it is over when it fails. Rejects only with what opening the last candidate rejected with.
 */
export async function* callWithFailover<Opened extends Openable>(
  request: ModelRequest,
  signal: AbortSignal,
  options: CallOptions<Opened>,
  dependencies: CallDependencies,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const candidates = inOrder(options, dependencies.health);
  for (const [index, candidate] of candidates.entries()) {
    const isLast = index === candidates.length - 1;
    const opened = await openCandidate(candidate, isLast);
    if (!opened) continue;
    const failed = yield* callCandidate(candidate, opened, request, signal, options.onCall, dependencies);
    if (!failed) return;
    if (isLast || !failurePolicy(failed.error).failsOver || signal.aborted) {
      yield failed;
      return;
    }
  }
}

/** Those that cool down come last: when everything failed lately, the first is still asked first. */
function inOrder<Opened extends Openable>(
  { candidates, skipsCooling }: CallOptions<Opened>,
  health: ProviderHealth,
): readonly Candidate<Opened>[] {
  if (!skipsCooling || candidates.length === 1) return candidates;
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

/** Returns the failure when nothing of an answer was yielded; a failure in mid-answer is yielded. */
async function* callCandidate<Opened extends Openable>(
  { target }: Candidate<Opened>,
  opened: Opened,
  request: ModelRequest,
  signal: AbortSignal,
  onCall: CallOptions<Opened>["onCall"],
  { health, clock, timeouts, retries, sleep, random }: CallDependencies,
): AsyncGenerator<AnswerEvent, Failed | undefined, undefined> {
  const wanted = { ...withProviderReasoning(request, opened), model: target.model };
  for (let attempt = 1; ; attempt++) {
    const closedFor = health.closedFor(target);
    if (closedFor !== undefined) return circuitOpen(closedFor);
    const startedAt = clock.now();
    let hasBegun = false;
    let hidden: AnswerEvent[] = [];
    let last: LastEvent | undefined;
    for await (const event of guardStream(opened.model, wanted, signal, timeouts)) {
      if (event.type === "finish" || event.type === "error") last = event;
      else if (!hasBegun && isHidden(event)) hidden.push(event);
      else if (event.type !== "progress") {
        hasBegun = true;
        yield* hidden;
        hidden = [];
        yield event;
      }
    }
    last ??= { type: "error", error: NO_END };
    onCall({ target, opened, startedAt, endedAt: clock.now(), last });
    if (last.type === "finish") {
      health.succeeded(target);
      yield* hidden;
      yield last;
      return undefined;
    }
    const delay = hasBegun ? undefined : retryDelay(last.error, attempt + 1, retries, random());
    if (delay === undefined || signal.aborted) {
      health.failed(target, last.error);
      if (!hasBegun) return last;
      yield last;
      return undefined;
    }
    await sleep(delay, signal);
    if (signal.aborted) return { type: "error", error: ABORTED };
  }
}

/** Reasoning that the provider keeps to itself shows nothing of an answer yet. */
const isHidden = (event: ModelEvent): event is Extract<AnswerEvent, { type: "reasoning" | "reasoning_end" }> =>
  event.type === "reasoning_end" || (event.type === "reasoning" && event.text === "");

function withProviderReasoning(request: ModelRequest, { reasoningEffort }: Openable): ModelRequest {
  if (!request.inheritsReasoning || reasoningEffort === undefined) return request;
  return { ...request, settings: { ...request.settings, reasoningEffort } };
}

const NO_END: ModelError = { kind: "malformed", message: "the answer had no end" };
const ABORTED: ModelError = { kind: "aborted", message: "the call was aborted" };

const circuitOpen = (retryAfterMs: number): Failed => ({
  type: "error",
  error: { kind: "circuit_open", message: "the provider has failed too often just now", retryAfterMs },
});
