import { EgressError, type EgressErrorKind } from "#base/egress/egress-error.ts";

/**
 * Ends one exchange for the first reason that comes up, and remembers it. One timer serves all its time limits: it looks
 * whether something is overdue, and is not set anew each time that something happens.
 */
export class Lifeline {
  readonly #caller: AbortSignal | undefined;
  readonly #watchers = new Set<() => void>();
  /** By `performance.now()`, as are the times below. */
  readonly #end: number;
  #deadline = Number.POSITIVE_INFINITY;
  #looksAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #reason: EgressError | undefined;
  readonly #onCallerAbort = () => this.end(new EgressError("aborted", { cause: this.#caller?.reason }));

  constructor(caller: AbortSignal | undefined, totalMs: number) {
    this.#caller = caller;
    this.#end = performance.now() + totalMs;
    if (caller?.aborted) this.#onCallerAbort();
    else caller?.addEventListener("abort", this.#onCallerAbort, { once: true });
  }

  get hasEnded(): boolean {
    return this.#reason !== undefined;
  }

  /** Calls `watcher` when the exchange is ended, until `unwatch`. */
  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  unwatch(watcher: () => void): void {
    this.#watchers.delete(watcher);
  }

  /** Ends the exchange unless it expects something else within so many milliseconds. */
  expectWithin(milliseconds: number): void {
    if (this.hasEnded) return;
    this.#deadline = performance.now() + milliseconds;
    if (this.#deadline < this.#looksAt) this.#lookAt(Math.min(this.#deadline, this.#end));
  }

  /** Nobody waits for anything: only the total time counts. */
  expectNothing(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  #lookAt(time: number): void {
    clearTimeout(this.#timer);
    this.#looksAt = time;
    this.#timer = setTimeout(this.#look, Math.max(1, Math.ceil(time - performance.now())));
  }

  readonly #look = (): void => {
    const next = Math.min(this.#deadline, this.#end);
    if (performance.now() >= next) this.end(new EgressError("timeout"));
    else this.#lookAt(next);
  };

  end(reason: EgressError): void {
    this.release();
    if (this.#reason) return;
    this.#reason = reason;
    for (const watcher of this.#watchers) watcher();
  }

  /** The exchange is over: neither time nor its caller can end it any more. */
  release(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#onCallerAbort);
  }

  /** Why it ended, which explains any error that followed from ending it. */
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
