import { SECOND } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import type { TenantId } from "#base/ids.ts";

/** The caller of one call. */
export interface LiveCaller {
  readonly tenantId: TenantId;
  readonly userId: string;
  /** Aborts when the caller disconnects. */
  readonly disconnected: AbortSignal;
  /** Authenticates the caller again. Rejects with the refusal. */
  readonly authenticate: () => Promise<unknown>;
}

/** The rights of a caller during one call. */
export interface RightsWatch {
  /** Aborts when the caller disconnects or loses its rights. An `AppError` as the reason is the refusal. */
  readonly signal: AbortSignal;
  /** Begins the watch without a signal, which thousands of idle callers would hold. `onRefused` gets the refusal. */
  begin(onRefused: (refusal: AppError) => void): void;
  /** Ends the watch. Call it when the answer is complete. */
  end(): void;
}

/** Authenticates the callers of long calls again and again. */
export interface LiveRights {
  /** The watch begins when somebody asks for its signal, because most calls are short. */
  watch(caller: LiveCaller): RightsWatch;
  /** Ends the calls that a user makes in a tenant. */
  revoke(tenantId: TenantId, userId: string): void;
}

const CHECK_MS = SECOND;

/** Creates the watch over all open calls. One timer serves all of them. */
export function createLiveRights(): LiveRights {
  const open = new Set<OpenCall>();
  let timer: NodeJS.Timeout | undefined;
  const checkAll = () => {
    for (const call of open) void call.check();
  };
  const begin = (call: OpenCall) => {
    open.add(call);
    timer ??= setInterval(checkAll, CHECK_MS).unref();
  };
  const end = (call: OpenCall) => {
    open.delete(call);
    if (open.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    watch: (caller) => new OpenCall(caller, begin, end),
    revoke(tenantId, userId) {
      for (const call of open) {
        if (call.caller.tenantId === tenantId && call.caller.userId === userId) call.refuse(accessRevoked());
      }
    },
  };
}

const accessRevoked = () =>
  new AppError("UNAUTHORIZED", "error.tenant_access_revoked", {}, { status: 403, reason: "tenant_access_revoked" });

class OpenCall implements RightsWatch {
  readonly caller: LiveCaller;
  readonly #begin: (call: OpenCall) => void;
  readonly #end: (call: OpenCall) => void;
  // Created on demand, because most calls never ask for the signal and controllers are dear.
  #refused: AbortController | undefined;
  #signal: AbortSignal | undefined;
  #onRefused: ((refusal: AppError) => void) | undefined;
  #isChecking = false;
  #isOver = false;

  constructor(caller: LiveCaller, begin: (call: OpenCall) => void, end: (call: OpenCall) => void) {
    this.caller = caller;
    this.#begin = begin;
    this.#end = end;
  }

  get signal(): AbortSignal {
    if (this.#signal) return this.#signal;
    this.#refused = new AbortController();
    this.#signal = AbortSignal.any([this.caller.disconnected, this.#refused.signal]);
    if (!this.#isOver) this.#begin(this);
    return this.#signal;
  }

  begin(onRefused: (refusal: AppError) => void): void {
    this.#onRefused = onRefused;
    if (!this.#isOver) this.#begin(this);
  }

  end(): void {
    this.#isOver = true;
    this.#end(this);
  }

  /** Only a refusal ends the call. A database that does not answer takes no rights away. */
  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    await this.caller.authenticate().catch((thrown: unknown) => {
      if (thrown instanceof AppError && (thrown.code === "UNAUTHORIZED" || thrown.code === "NOT_FOUND")) {
        this.refuse(thrown);
      }
    });
    this.#isChecking = false;
  }

  refuse(refusal: AppError): void {
    this.end();
    this.#refused?.abort(refusal);
    this.#onRefused?.(refusal);
  }
}
