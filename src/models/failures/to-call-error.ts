import { fromEgressError } from "#models/failures/from-egress-error.ts";
import { ModelFailure } from "#models/failures/model-failure.ts";
import type { ModelError } from "#models/language-model.ts";

const ABORTED: ModelError = { kind: "aborted", message: "the call was aborted" };

/** Converts anything thrown during a call into a `ModelError`. After an abort the result is always `aborted`. */
export function toCallError(thrown: unknown, signal: AbortSignal): ModelError {
  if (signal.aborted) return ABORTED;
  if (thrown instanceof ModelFailure) return thrown.error;
  return fromEgressError(thrown) ?? { kind: "unknown", message: "the call failed" };
}
