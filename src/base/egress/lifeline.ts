import { EgressError, type EgressErrorKind } from "#base/egress/egress-error.ts";

/** Ends one exchange for the first reason that comes up, and remembers it. */
export class Lifeline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #total: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;
  readonly #onCallerAbort = () => this.end(new EgressError("aborted", { cause: this.#caller?.reason }));

  constructor(caller: AbortSignal | undefined, totalMs: number) {
    this.#caller = caller;
    this.#total = this.limit(totalMs, "timeout");
    if (caller?.aborted) this.#onCallerAbort();
    else caller?.addEventListener("abort", this.#onCallerAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the exchange unless the returned timer is cleared in time. */
  limit(milliseconds: number, kind: EgressErrorKind): NodeJS.Timeout {
    return setTimeout(() => this.end(new EgressError(kind)), milliseconds);
  }

  /** Ends the exchange when `quietSince` is longer ago than this; undefined means that nobody waits. */
  watchIdle(milliseconds: number, quietSince: () => number | undefined): void {
    const look = () => {
      const since = quietSince();
      const left = since === undefined ? milliseconds : since + milliseconds - performance.now();
      if (left <= 0) this.end(new EgressError("timeout"));
      else this.#idle = setTimeout(look, left);
    };
    this.#idle = setTimeout(look, milliseconds);
  }

  end(error: EgressError): void {
    this.release();
    if (!this.signal.aborted) this.#controller.abort(error);
  }

  /** The exchange is over: nothing can end it any more. */
  release(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#idle);
    this.#caller?.removeEventListener("abort", this.#onCallerAbort);
  }

  /** Why it ended, which explains any error that followed from ending it. */
  explain(thrown: unknown): EgressError {
    if (this.signal.aborted) return this.signal.reason as EgressError;
    return thrown instanceof EgressError ? thrown : new EgressError(kindOf(thrown), { cause: thrown });
  }
}

const CONNECT_CODES = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ETIMEDOUT"]);
const TLS_CODE = /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/;

function kindOf(thrown: unknown): EgressErrorKind {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return CONNECT_CODES.has(code) || TLS_CODE.test(code) ? "connect" : "network";
}
