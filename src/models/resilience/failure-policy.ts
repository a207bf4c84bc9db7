import { HOUR, MINUTE, SECOND } from "#base/clock.ts";
import type { ModelError, ModelErrorKind } from "#models/language-model.ts";

interface FailurePolicy {
  /** Whether the same call may succeed if it is retried soon. */
  readonly isRetryable: boolean;
  /** Whether another provider may succeed. */
  readonly failsOver: boolean;
  /** The cool-down of the candidate, in milliseconds. During it, the candidate is skipped while there are others. */
  readonly cooldownMs: number;
  /** Whether the cool-down applies to all models of the provider. */
  readonly isProviderWide: boolean;
  /** Whether another key of the same provider may succeed. */
  readonly isOfKey: boolean;
  /** Whether the circuit breaker counts the failure. */
  readonly isOutage: boolean;
}

const policy = (cooldownMs: number, traits: Partial<FailurePolicy> = {}): FailurePolicy => ({
  isRetryable: false,
  failsOver: true,
  isProviderWide: false,
  isOfKey: false,
  isOutage: false,
  ...traits,
  cooldownMs,
});

/**
 * The policy for each kind of failure before the first event. Timeouts are not retried, because each has already cost
 * the caller minutes. Requests refused for their content cause no cool-down, because the next request may be fine.
 */
const POLICIES: Readonly<Record<ModelErrorKind, FailurePolicy>> = {
  aborted: policy(0, { failsOver: false }),
  context_overflow: policy(0, { failsOver: false }),
  rate_limit: policy(30 * SECOND, { isRetryable: true, isOfKey: true }),
  overloaded: policy(1 * MINUTE, { isRetryable: true, isOutage: true }),
  server_error: policy(30 * SECOND, { isRetryable: true, isOutage: true }),
  unreachable: policy(15 * SECOND, { isRetryable: true, isOutage: true, isProviderWide: true }),
  out_of_files: policy(0, { isRetryable: true, failsOver: false }),
  malformed: policy(30 * SECOND, { isRetryable: true, isOutage: true }),
  unusable: policy(0, { isRetryable: true }),
  timeout: policy(15 * SECOND, { isOutage: true }),
  circuit_open: policy(0),
  auth: policy(10 * MINUTE, { isProviderWide: true, isOfKey: true }),
  billing: policy(5 * MINUTE, { isProviderWide: true, isOfKey: true }),
  model_not_found: policy(1 * HOUR),
  model_denied: policy(10 * MINUTE, { isOfKey: true }),
  model_retired: policy(1 * HOUR),
  model_not_loaded: policy(1 * MINUTE),
  wrong_path: policy(5 * MINUTE, { isProviderWide: true }),
  untrusted_certificate: policy(5 * MINUTE, { isProviderWide: true }),
  unsupported: policy(0),
  content_policy: policy(0),
  invalid_request: policy(0),
  input_unsupported: policy(0),
  tools_unsupported: policy(0),
  tools_disabled: policy(0),
  unknown: policy(30 * SECOND),
};

export const failurePolicy = ({ kind }: ModelError): FailurePolicy => POLICIES[kind];

export interface RetrySettings {
  /** Calls to one candidate, including the first. */
  readonly maxAttempts: number;
  /** The wait before the second attempt, in milliseconds. It doubles with each further attempt. */
  readonly delayMs: number;
  /** The longest wait, in milliseconds. There is no retry if a provider asks for a longer one. */
  readonly maxDelayMs: number;
}

const JITTER = 0.1;

/**
 * Returns the wait before attempt `nextAttempt` in milliseconds, or undefined if there is no retry. The provider's
 * `retryAfterMs` takes precedence over exponential backoff. `random` is between 0 and 1.
 */
export function retryDelay(
  error: ModelError,
  nextAttempt: number,
  settings: RetrySettings,
  random: number,
): number | undefined {
  if (nextAttempt > settings.maxAttempts || !failurePolicy(error).isRetryable) return undefined;
  if (error.retryAfterMs !== undefined) {
    return error.retryAfterMs <= settings.maxDelayMs ? error.retryAfterMs : undefined;
  }
  const delay = Math.min(settings.delayMs * 2 ** (nextAttempt - 2), settings.maxDelayMs);
  return delay * (1 + JITTER * (2 * random - 1));
}
