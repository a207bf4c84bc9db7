import type { ModelError } from "#models/language-model.ts";
import { type RunError, runError } from "#runtime/runs/index.ts";

/** A failed model call. */
export interface FailedCall {
  readonly model: string;
  /** The provider's own words, cleaned. Only administrators read them. */
  readonly providerMessage?: string | undefined;
  /** The names in the provider's error, cleaned. Every caller reads them. */
  readonly providerNames?: string | undefined;
}

/** Converts a failed model call to the run's error. */
export const toRunError = (error: ModelError, { model, providerMessage, providerNames }: FailedCall): RunError => ({
  ...toPublicError(error, model, providerNames),
  ...(providerMessage !== undefined && { providerMessage }),
});

/** A provider that refuses the gateway's key must not look like a 401 to the caller. */
function toPublicError({ kind, message, retryAfterMs }: ModelError, model: string, names?: string): RunError {
  const reason = `provider_${kind}`;
  const detail = names === undefined ? message : `${message} (${names})`;
  switch (kind) {
    case "auth":
    case "billing":
      return runError("FAILED_PRECONDITION", "error.provider_auth", {}, { reason });
    case "rate_limit":
      return runError("RESOURCE_EXHAUSTED", "error.provider_rate_limited", {}, { reason, retryAfterMs });
    case "model_not_found":
      return runError("FAILED_PRECONDITION", "error.model_not_found", { model }, { reason });
    case "model_denied":
      return runError("FAILED_PRECONDITION", "error.model_denied", { model }, { reason });
    case "model_retired":
      return runError("FAILED_PRECONDITION", "error.model_retired", { model }, { reason });
    case "model_not_loaded":
      return runError("FAILED_PRECONDITION", "error.model_not_loaded", { model }, { reason });
    case "wrong_path":
      return runError("FAILED_PRECONDITION", "error.provider_wrong_path", {}, { reason });
    case "untrusted_certificate":
      return runError("FAILED_PRECONDITION", "error.provider_certificate", {}, { reason });
    case "context_overflow":
      return runError("INVALID_REQUEST", "error.context_overflow", {}, { reason });
    case "content_policy":
    case "invalid_request":
      return runError("INVALID_REQUEST", "error.provider_rejected", { detail }, { reason });
    case "input_unsupported":
      return runError("INVALID_REQUEST", "error.model_unfit_input", { model }, { reason });
    case "tools_unsupported":
      return runError("INVALID_REQUEST", "error.model_without_tools", { model }, { reason });
    case "tools_disabled":
      return runError("INVALID_REQUEST", "error.provider_tools_disabled", {}, { reason });
    case "unsupported":
      return runError("FAILED_PRECONDITION", "error.provider_unfit", { detail }, { reason });
    case "circuit_open":
      return runError("UNAVAILABLE", "error.provider_circuit_open", {}, { reason, retryAfterMs });
    case "timeout":
      return runError("UNAVAILABLE", "error.provider_timeout", {}, { reason });
    case "unreachable":
      return runError("UNAVAILABLE", "error.provider_unreachable", {}, { reason });
    case "out_of_files":
      return runError("UNAVAILABLE", "error.unavailable", {}, { reason: "out_of_files" });
    case "unusable":
      return runError("UNAVAILABLE", "error.provider_unusable", {}, { reason });
    default:
      return runError("UNAVAILABLE", "error.provider_failed", {}, { reason, retryAfterMs });
  }
}
