import { fromEgressError } from "#models/failures/from-egress-error.ts";
import { ModelFailure } from "#models/failures/model-failure.ts";
import type { ModelError } from "#models/language-model.ts";

const ABORTED: ModelError = { kind: "aborted", message: "the call was aborted" };

/** What ended a call to a provider. Whatever follows from an abort is the abort. */
export function toCallError(thrown: unknown, signal: AbortSignal): ModelError {
  if (signal.aborted) return ABORTED;
  if (thrown instanceof ModelFailure) return thrown.error;
  return fromEgressError(thrown) ?? { kind: "unknown", message: "the call failed" };
}
