import { SECOND } from "#base/clock.ts";
import type { CallTimeouts, LanguageModel, ModelEvent, ModelRequest } from "#models/language-model.ts";

/**
 * Streams a model call with timeouts. The call ends with kind `timeout` if the provider is silent or takes too long. A
 * provider that sends comments or empty events, for example from a queue, is not silent.
 */
export async function* guardStream(
  model: LanguageModel,
  request: ModelRequest,
  signal: AbortSignal,
  timeouts: CallTimeouts,
): AsyncGenerator<ModelEvent, void, undefined> {
  const watch = new CallWatch(signal, { ...timeouts, ...model.timeouts });
  try {
    for await (const event of model.stream(request, watch.signal, watch.onAlive)) {
      watch.onEvent();
      yield watch.isLate && event.type === "error" ? { ...event, error: TIMED_OUT } : event;
    }
  } finally {
    watch.stop();
  }
}

/** Longer than an adapter takes to read the rest of an answer, in milliseconds. */
const LEFTOVER_MS = 2 * SECOND;
/** One reason for all calls, because a new one for each costs a stack trace. */
const OVER = new Error("the call is over");

const TIMED_OUT = { kind: "timeout", message: "the provider kept us waiting for too long" } as const;

/**
 * Aborts a call that exceeds a timeout. Uses one timer per call, which checks the time of the last event, instead of
 * one per event.
 */
class CallWatch {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal;
  readonly #timeouts: CallTimeouts;
  readonly #end: number;
  #deadline: number;
  #allowedMs: number;
  #timer: NodeJS.Timeout;
  isLate = false;

  constructor(callerSignal: AbortSignal, timeouts: CallTimeouts) {
    const now = performance.now();
    this.#callerSignal = callerSignal;
    this.#timeouts = timeouts;
    this.#end = now + timeouts.totalMs;
    this.#allowedMs = timeouts.firstEventMs;
    this.#deadline = now + timeouts.firstEventMs;
    this.#timer = this.#arm(now);
    if (callerSignal.aborted) this.#abort();
    else callerSignal.addEventListener("abort", this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  onEvent(): void {
    this.#allowedMs = this.#timeouts.idleMs;
    this.onAlive();
  }

  readonly onAlive = (): void => {
    this.#deadline = performance.now() + this.#allowedMs;
  };

  /** Ends the watch. Closes the connection soon if it is still open, because nobody reads on after the last event. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#callerSignal.removeEventListener("abort", this.#abort);
    setTimeout(() => this.#controller.abort(OVER), LEFTOVER_MS).unref();
  }

  readonly #abort = (): void => this.#controller.abort(this.#callerSignal.reason);

  #arm(now: number): NodeJS.Timeout {
    return setTimeout(this.#check, Math.max(1, Math.min(this.#deadline, this.#end) - now));
  }

  readonly #check = (): void => {
    const now = performance.now();
    if (now < this.#deadline && now < this.#end) {
      this.#timer = this.#arm(now);
      return;
    }
    this.isLate = true;
    this.#controller.abort();
  };
}
