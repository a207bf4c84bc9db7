import { EgressError, type EgressErrorKind } from "#base/egress/egress-error.ts";

/**
 * Ends one exchange for the first reason that occurs, and remembers that reason.
 * One timer serves all time limits. It checks for an overdue deadline when it fires, so progress need not reset it.
 */
export class Lifeline {
  readonly #caller: AbortSignal | undefined;
  readonly #watchers = new Set<() => void>();
  /** In milliseconds of `performance.now()`, like the two times below. */
  readonly #end: number;
  #deadline = Number.POSITIVE_INFINITY;
  #timerFiresAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #reason: EgressError | undefined;
  readonly #open: Set<Lifeline>;
  readonly #onCallerAbort = () => this.end(new EgressError("aborted", { cause: this.#caller?.reason }));

  /** `open` contains the lifeline until the exchange is over. */
  constructor(caller: AbortSignal | undefined, totalMs: number, open: Set<Lifeline>) {
    this.#caller = caller;
    this.#open = open.add(this);
    this.#end = performance.now() + totalMs;
    if (caller?.aborted) this.#onCallerAbort();
    else caller?.addEventListener("abort", this.#onCallerAbort, { once: true });
  }

  get hasEnded(): boolean {
    return this.#reason !== undefined;
  }

  /** Calls `watcher` if `end` ends the exchange, unless `unwatch` removed it before. */
  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  unwatch(watcher: () => void): void {
    this.#watchers.delete(watcher);
  }

  /** Ends the exchange after so many milliseconds, unless the next `expectWithin` or `expectNothing` comes first. */
  expectWithin(milliseconds: number): void {
    if (this.hasEnded) return;
    this.#deadline = performance.now() + milliseconds;
    if (this.#deadline < this.#timerFiresAt) this.#setTimer(Math.min(this.#deadline, this.#end));
  }

  /** Removes the deadline of `expectWithin`. The total time limit still applies. */
  expectNothing(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  #setTimer(time: number): void {
    clearTimeout(this.#timer);
    this.#timerFiresAt = time;
    this.#timer = setTimeout(this.#onTimer, Math.max(1, Math.ceil(time - performance.now())));
  }

  readonly #onTimer = (): void => {
    const next = Math.min(this.#deadline, this.#end);
    if (performance.now() >= next) this.end(new EgressError("timeout"));
    else this.#setTimer(next);
  };

  end(reason: EgressError): void {
    this.release();
    if (this.#reason) return;
    this.#reason = reason;
    for (const watcher of this.#watchers) watcher();
  }

  /** Stops the timer and detaches from the caller's signal, so neither can end the exchange. */
  release(): void {
    clearTimeout(this.#timer);
    this.#open.delete(this);
    this.#caller?.removeEventListener("abort", this.#onCallerAbort);
  }

  /** Returns the reason of the end, which caused all later errors. Without one, converts `thrown` to `EgressError`. */
  explain(thrown: unknown): EgressError {
    if (this.#reason) return this.#reason;
    return thrown instanceof EgressError ? thrown : new EgressError(kindOf(thrown), { cause: thrown });
  }
}

const CONNECT_CODES = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ETIMEDOUT"]);
const TLS_CODE = /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/;

function kindOf(thrown: unknown): EgressErrorKind {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return CONNECT_CODES.has(code) || TLS_CODE.test(code) ? "connect" : "network";
}
