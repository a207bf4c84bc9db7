import { HOUR, MINUTE, SECOND } from "#base/clock.ts";
import type { ModelError, ModelErrorKind } from "#models/language-model.ts";

interface FailurePolicy {
  /** Whether the same call may succeed a moment later. */
  readonly isRetryable: boolean;
  /** Whether another provider may do better. */
  readonly failsOver: boolean;
  /** How long the candidate is then passed over while there are others, in milliseconds. */
  readonly cooldownMs: number;
  /** Whether it holds for every model of the provider. */
  readonly isProviderWide: boolean;
  /** Whether it speaks against the provider's health, which the circuit breaker counts. */
  readonly isOutage: boolean;
}

const policy = (cooldownMs: number, traits: Partial<FailurePolicy> = {}): FailurePolicy => ({
  isRetryable: false,
  failsOver: true,
  isProviderWide: false,
  isOutage: false,
  ...traits,
  cooldownMs,
});

/**
 * What follows from each kind of failure before the first token. A time-out is not tried again: it has cost the caller
 * minutes. A request that the provider refuses for its content says nothing about the next one, hence no cool-down.
 */
const POLICIES: Readonly<Record<ModelErrorKind, FailurePolicy>> = {
  aborted: policy(0, { failsOver: false }),
  context_overflow: policy(0, { failsOver: false }),
  rate_limit: policy(30 * SECOND, { isRetryable: true }),
  overloaded: policy(1 * MINUTE, { isRetryable: true, isOutage: true }),
  server_error: policy(30 * SECOND, { isRetryable: true, isOutage: true }),
  unreachable: policy(15 * SECOND, { isRetryable: true, isOutage: true, isProviderWide: true }),
  malformed: policy(30 * SECOND, { isRetryable: true, isOutage: true }),
  timeout: policy(15 * SECOND, { isOutage: true }),
  circuit_open: policy(0),
  auth: policy(10 * MINUTE, { isProviderWide: true }),
  billing: policy(5 * MINUTE, { isProviderWide: true }),
  model_not_found: policy(1 * HOUR),
  unsupported: policy(5 * MINUTE, { isProviderWide: true }),
  content_policy: policy(0),
  invalid_request: policy(0),
  unknown: policy(30 * SECOND),
};

export const failurePolicy = ({ kind }: ModelError): FailurePolicy => POLICIES[kind];

export interface RetrySettings {
  /** Calls to one candidate, the first included. */
  readonly maxAttempts: number;
  /** Before the second attempt, in milliseconds; doubled each time. */
  readonly delayMs: number;
  /** The longest wait, in milliseconds. Who asks for more is not asked again. */
  readonly maxDelayMs: number;
}

const JITTER = 0.1;

/**
 * How long to wait before attempt `next`, in milliseconds, or undefined when there is to be none. What the provider asks
 * for counts before our own doubling; `random` is between 0 and 1.
 */
export function retryDelay(
  error: ModelError,
  next: number,
  settings: RetrySettings,
  random: number,
): number | undefined {
  if (next > settings.maxAttempts || !failurePolicy(error).isRetryable) return undefined;
  if (error.retryAfterMs !== undefined) {
    return error.retryAfterMs <= settings.maxDelayMs ? error.retryAfterMs : undefined;
  }
  const delay = Math.min(settings.delayMs * 2 ** (next - 2), settings.maxDelayMs);
  return delay * (1 + JITTER * (2 * random - 1));
}
