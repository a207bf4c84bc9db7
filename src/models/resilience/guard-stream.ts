import type { LanguageModel, ModelEvent, ModelRequest } from "#models/language-model.ts";

/** How long a model call may keep us waiting, in milliseconds. */
export interface CallTimeouts {
  /** Until its first event. */
  readonly firstEventMs: number;
  /** Between two events. */
  readonly idleMs: number;
  /** From its begin to its end. */
  readonly totalMs: number;
}

/** A model call that ends with kind `timeout` when the provider is silent for too long or never comes to an end. */
export async function* guardStream(
  model: LanguageModel,
  request: ModelRequest,
  signal: AbortSignal,
  timeouts: CallTimeouts,
): AsyncGenerator<ModelEvent, void, undefined> {
  const watch = new CallWatch(signal, timeouts);
  try {
    for await (const event of model.stream(request, watch.signal)) {
      watch.heard();
      yield watch.isLate && event.type === "error" ? { ...event, error: TIMED_OUT } : event;
    }
  } finally {
    watch.stop();
  }
}

const TIMED_OUT = { kind: "timeout", message: "the provider kept us waiting for too long" } as const;

/** Aborts a call that is late. One timer per call, which looks when something was last heard, not one per event. */
class CallWatch {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timeouts: CallTimeouts;
  readonly #end: number;
  #deadline: number;
  #timer: NodeJS.Timeout;
  isLate = false;

  constructor(outer: AbortSignal, timeouts: CallTimeouts) {
    const now = performance.now();
    this.#outer = outer;
    this.#timeouts = timeouts;
    this.#end = now + timeouts.totalMs;
    this.#deadline = now + timeouts.firstEventMs;
    this.#timer = this.#arm(now);
    if (outer.aborted) this.#abort();
    else outer.addEventListener("abort", this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#deadline = performance.now() + this.#timeouts.idleMs;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => this.#controller.abort(this.#outer.reason);

  #arm(now: number): NodeJS.Timeout {
    return setTimeout(this.#look, Math.max(1, Math.min(this.#deadline, this.#end) - now));
  }

  readonly #look = (): void => {
    const now = performance.now();
    if (now < this.#deadline && now < this.#end) {
      this.#timer = this.#arm(now);
      return;
    }
    this.isLate = true;
    this.#controller.abort();
  };
}
