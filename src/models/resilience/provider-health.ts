import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { type Clock, elapsedOf, HOUR, SECOND } from "#base/clock.ts";
import type { ModelError } from "#models/language-model.ts";
import { failurePolicy } from "#models/resilience/failure-policy.ts";

/** The tenant, provider and model of a call. */
export interface CallTarget {
  readonly tenantId: string;
  readonly provider: string;
  readonly model: string;
}

const TRACKED = 10_000;
/** The number of consecutive outages that opens a circuit. */
const OPENS_AFTER = 5;
const OPEN_MS = 30 * SECOND;
/** How often a candidate in cool-down is tried anyway. */
const PROBE_MS = 30 * SECOND;
/** How long a model is called without tools, or without the images of results, after it refused them. */
const WITHOUT_MS = 1 * HOUR;

/** A model, or all models of a provider, that calls avoid. */
export interface Trouble {
  readonly provider: string;
  /** Absent for all of the provider. */
  readonly model?: string;
  /**
   * `cooling_down`: skipped while there are others. `paused`: the provider asked for it. `blocked`: it failed so often
   * that it is called no more for a while.
   */
  readonly state: "cooling_down" | "paused" | "blocked";
  /** In milliseconds. */
  readonly forMs: number;
  /** The kind of failure, where it is known. */
  readonly kind?: ModelError["kind"];
}

interface Cooldown {
  readonly until: number;
  probedAt: number;
}

/** A time for which a provider asked to be left alone. */
interface Pause {
  readonly until: number;
  readonly error: ModelError;
}

interface Circuit {
  failures: number;
  openUntil: number;
}

/**
 * Tracks failing models and providers in this process. A cool-down makes a run skip a candidate while it has others. The
 * circuit breaker blocks all calls to a model that fails, or to a provider that cannot be reached. This spares the
 * provider load and its callers the wait.
 */
export class ProviderHealth {
  readonly #clock: Clock;
  readonly #cooldowns = new BoundedCache<string, Cooldown>({ max: TRACKED });
  readonly #pauses = new BoundedCache<string, Pause>({ max: TRACKED });
  readonly #circuits = new BoundedCache<string, Circuit>({ max: TRACKED });
  /** Until when each model is called without tools. */
  readonly #withoutTools = new BoundedCache<string, number>({ max: TRACKED });
  /** Until when each model is called without the images of tool results. */
  readonly #withoutResultFiles = new BoundedCache<string, number>({ max: TRACKED });
  /** The number of calls of each provider with several keys. */
  readonly #turns = new BoundedCache<string, number>({ max: TRACKED });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Returns how long the circuit of the model or its provider stays open, in milliseconds, or undefined if the model may
   * be called. When the open time ends, only the first caller is let through as a probe.
   */
  openForMs(target: CallTarget): number | undefined {
    const [forModel, forProvider] = keysOf(target);
    return this.#openForMs(forProvider) ?? this.#openForMs(forModel);
  }

  #openForMs(key: string): number | undefined {
    const circuit = this.#circuits.get(key);
    if (!circuit || circuit.failures < OPENS_AFTER) return undefined;
    const now = this.#now();
    if (circuit.openUntil > now) return circuit.openUntil - now;
    circuit.openUntil = now + OPEN_MS;
    return undefined;
  }

  /** Returns the failure of a call that comes before the time for which the provider asked, with what is left of it. */
  pauseOf(target: CallTarget): ModelError | undefined {
    const now = this.#now();
    const [longest] = keysOf(target)
      .flatMap((key) => this.#pauses.get(key) ?? [])
      .toSorted((a, b) => b.until - a.until);
    return longest && longest.until > now ? { ...longest.error, retryAfterMs: longest.until - now } : undefined;
  }

  /** Returns whether to skip the candidate while there are others. Lets one call through every `PROBE_MS`. */
  isCoolingDown(target: CallTarget): boolean {
    return keysOf(target).some((key) => {
      const cooldown = this.#cooldowns.get(key);
      const now = this.#now();
      if (!cooldown || cooldown.until <= now) return false;
      if (now - cooldown.probedAt < PROBE_MS) return true;
      cooldown.probedAt = now;
      return false;
    });
  }

  /**
   * Returns the places of the keys that a call tries, in order. Calls begin with each key in turn. Keys in cool-down are
   * left out, unless all of them are.
   */
  keysInTurn(target: CallTarget, count: number): readonly number[] {
    if (count === 1) return [0];
    const [, provider] = keysOf(target);
    const first = this.#turns.get(provider) ?? 0;
    this.#turns.set(provider, (first + 1) % count);
    const keys = Array.from({ length: count }, (_, index) => (first + index) % count);
    const usable = keys.filter((key) => keysOf(behindKey(target, key)).every((name) => !this.#isCooling(name)));
    return usable.length === 0 ? keys : usable;
  }

  /** Records the failure of one key of several. */
  keyFailed(target: CallTarget, key: number, error: ModelError): void {
    this.#coolDown(behindKey(target, key), error);
  }

  /** Remembers that the model cannot call tools. */
  refusedTools(target: CallTarget): void {
    this.#withoutTools.set(keysOf(target)[0], this.#now() + WITHOUT_MS);
  }

  /** Returns whether the model refused tools a short time ago. */
  refusesTools(target: CallTarget): boolean {
    return (this.#withoutTools.get(keysOf(target)[0]) ?? 0) > this.#now();
  }

  /** Remembers that the model takes the text of tool results, but not their images. */
  refusedResultFiles(target: CallTarget): void {
    this.#withoutResultFiles.set(keysOf(target)[0], this.#now() + WITHOUT_MS);
  }

  /** Returns whether the model refused the images of tool results a short time ago. */
  refusesResultFiles(target: CallTarget): boolean {
    return (this.#withoutResultFiles.get(keysOf(target)[0]) ?? 0) > this.#now();
  }

  /** Returns what this process leaves alone of a tenant at present, the longest first. */
  troublesOf(tenantId: string): readonly Trouble[] {
    const now = this.#now();
    const found: Trouble[] = [];
    const add = (key: string, state: Trouble["state"], until: number, error?: ModelError) => {
      const [tenant, provider = "", ...rest] = key.split(":");
      if (tenant !== tenantId || until <= now || provider.includes("#")) return;
      const model = rest.length === 0 ? undefined : rest.join(":");
      found.push({
        provider,
        ...(model !== undefined && { model }),
        state,
        forMs: until - now,
        ...(error && { kind: error.kind }),
      });
    };
    for (const key of this.#circuits.keys()) {
      const circuit = this.#circuits.peek(key);
      if (circuit && circuit.failures >= OPENS_AFTER) add(key, "blocked", circuit.openUntil);
    }
    for (const key of this.#pauses.keys()) {
      const pause = this.#pauses.peek(key);
      if (pause) add(key, "paused", pause.until, pause.error);
    }
    for (const key of this.#cooldowns.keys()) add(key, "cooling_down", this.#cooldowns.peek(key)?.until ?? 0);
    return found.toSorted((a, b) => b.forMs - a.forMs);
  }

  /** Forgets the state of a tenant's providers, because one of them was changed. */
  forget(tenantId: string): void {
    const refused = [this.#withoutTools, this.#withoutResultFiles];
    for (const cache of [this.#cooldowns, this.#pauses, this.#circuits, ...refused, this.#turns]) {
      for (const key of cache.keys()) if (key.startsWith(`${tenantId}:`)) cache.delete(key);
    }
  }

  /** `key` is the place of the provider's key. */
  succeeded(target: CallTarget, key = 0): void {
    for (const cache of [this.#cooldowns, this.#pauses, this.#circuits]) {
      if (cache.size === 0) continue;
      for (const name of [...keysOf(target), ...keysOf(behindKey(target, key))]) cache.delete(name);
    }
  }

  failed(target: CallTarget, error: ModelError): void {
    this.#coolDown(target, error);
    const { isOutage, isProviderWide } = failurePolicy(error);
    const [forModel, forProvider] = keysOf(target);
    const { retryAfterMs = 0 } = error;
    if (retryAfterMs > 0) {
      this.#pauses.set(isProviderWide ? forProvider : forModel, { until: this.#now() + retryAfterMs, error });
    }
    if (!isOutage) return;
    this.#countOutage(forModel);
    if (isProviderWide) this.#countOutage(forProvider);
  }

  #coolDown(target: CallTarget, error: ModelError): void {
    const { cooldownMs, isProviderWide } = failurePolicy(error);
    const now = this.#now();
    const [forModel, forProvider] = keysOf(target);
    const durationMs = error.kind === "rate_limit" ? Math.max(cooldownMs, error.retryAfterMs ?? 0) : cooldownMs;
    if (durationMs === 0) return;
    this.#cooldowns.set(isProviderWide ? forProvider : forModel, { until: now + durationMs, probedAt: now });
  }

  #isCooling(name: string): boolean {
    return (this.#cooldowns.get(name)?.until ?? 0) > this.#now();
  }

  #countOutage(key: string): void {
    const failures = (this.#circuits.get(key)?.failures ?? 0) + 1;
    this.#circuits.set(key, { failures, openUntil: failures >= OPENS_AFTER ? this.#now() + OPEN_MS : 0 });
  }

  #now(): number {
    return elapsedOf(this.#clock);
  }
}

const keysOf = ({ tenantId, provider, model }: CallTarget): readonly [string, string] => [
  `${tenantId}:${provider}:${model}`,
  `${tenantId}:${provider}`,
];

/** Returns the target of a call with one key of several. Provider names contain no `#`. */
const behindKey = (target: CallTarget, key: number): CallTarget => ({
  ...target,
  provider: `${target.provider}#${key}`,
});
