import { LRUCache } from "lru-cache";
import { type Clock, SECOND } from "#base/clock.ts";
import type { ModelError } from "#models/language-model.ts";
import { failurePolicy } from "#models/resilience/failure-policy.ts";

/** Which provider and model a call goes to, of which tenant. */
export interface CallTarget {
  readonly tenantId: string;
  readonly provider: string;
  readonly model: string;
}

const TRACKED = 10_000;
/** Failed calls in a row after which a provider's circuit opens. */
const OPENS_AFTER = 5;
const OPEN_MS = 30 * SECOND;
/** How often a candidate that cools down is tried nevertheless. */
const PROBE_MS = 30 * SECOND;

interface Cooldown {
  readonly until: number;
  probedAt: number;
}

interface Circuit {
  failures: number;
  openUntil: number;
}

/**
 * What this process has learnt of providers that fail. Cool-downs let a run pass over a candidate while it has another;
 * the circuit breaker spares a provider that is down, and its callers the wait, whoever asks.
 */
export class ProviderHealth {
  readonly #clock: Clock;
  readonly #cooldowns = new LRUCache<string, Cooldown>({ max: TRACKED });
  readonly #circuits = new LRUCache<string, Circuit>({ max: TRACKED });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until the provider may be called again; undefined when it may be now. The first to ask then probes. */
  closedFor({ tenantId, provider }: CallTarget): number | undefined {
    const circuit = this.#circuits.get(`${tenantId}:${provider}`);
    if (!circuit || circuit.failures < OPENS_AFTER) return undefined;
    const now = this.#now();
    if (circuit.openUntil > now) return circuit.openUntil - now;
    circuit.openUntil = now + OPEN_MS;
    return undefined;
  }

  /** Whether to pass over the candidate as long as there are others. Lets one call through now and then. */
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

  /** What is known of a tenant's providers counts no more: one of them was mended, or is another one now. */
  forget(tenantId: string): void {
    for (const known of [this.#cooldowns, this.#circuits]) {
      for (const key of known.keys()) if (key.startsWith(`${tenantId}:`)) known.delete(key);
    }
  }

  succeeded(target: CallTarget): void {
    if (this.#circuits.size > 0) this.#circuits.delete(`${target.tenantId}:${target.provider}`);
    if (this.#cooldowns.size > 0) for (const key of keysOf(target)) this.#cooldowns.delete(key);
  }

  failed(target: CallTarget, error: ModelError): void {
    const { cooldownMs, isProviderWide, isOutage } = failurePolicy(error);
    const now = this.#now();
    const [forModel, forProvider] = keysOf(target);
    const lasts = error.kind === "rate_limit" ? Math.max(cooldownMs, error.retryAfterMs ?? 0) : cooldownMs;
    if (lasts > 0) {
      this.#cooldowns.set(isProviderWide ? forProvider : forModel, { until: now + lasts, probedAt: now });
    }
    if (isOutage) this.#countOutage(`${target.tenantId}:${target.provider}`, now);
  }

  #countOutage(key: string, now: number): void {
    const failures = (this.#circuits.get(key)?.failures ?? 0) + 1;
    this.#circuits.set(key, { failures, openUntil: failures >= OPENS_AFTER ? now + OPEN_MS : 0 });
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

const keysOf = ({ tenantId, provider, model }: CallTarget): readonly [string, string] => [
  `${tenantId}:${provider}:${model}`,
  `${tenantId}:${provider}`,
];
