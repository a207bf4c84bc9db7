import type { ModelError } from "#models/language-model.ts";
import type { CallDependencies } from "#models/resilience/call-with-failover.ts";
import type { CallTarget } from "#models/resilience/provider-health.ts";

export const ABORTED: ModelError = { kind: "aborted", message: "the call was aborted" };

export const circuitOpen = (retryAfterMs: number): ModelError => ({
  kind: "circuit_open",
  message: "the provider has failed too often just now",
  retryAfterMs,
});

/**
 * Waits for the end of the time for which a provider asked after an earlier call. Returns the failure instead if there
 * are other candidates, or if the time is longer than the longest wait between attempts.
 */
export async function untilPauseIsOver(
  target: CallTarget,
  isLast: boolean,
  signal: AbortSignal,
  { health, retries, sleep }: Pick<CallDependencies, "health" | "retries" | "sleep">,
): Promise<ModelError | undefined> {
  const error = health.pauseOf(target);
  if (!error) return undefined;
  const { retryAfterMs = 0 } = error;
  if (!isLast || retryAfterMs > retries.maxDelayMs) return error;
  await sleep(retryAfterMs, signal);
  return undefined;
}
