import { APICallError, UnsupportedFunctionalityError } from "@ai-sdk/provider";
import type { CallNotes } from "#models/ai-sdk/call-notes.ts";
import { findCause, fromEgressError } from "#models/failures/from-egress-error.ts";
import { ModelFailure } from "#models/failures/model-failure.ts";
import { toAnswerError } from "#models/failures/to-answer-error.ts";
import type { ModelError } from "#models/language-model.ts";

/**
 * Converts anything thrown during a call into a `ModelError`. The message contains no text from the provider's answer,
 * which may quote the prompt. After an accepted request, SDK errors count as `malformed`: the SDK reports unreadable
 * answers in many ways, even as a refusal that never happened.
 */
export function toModelError(thrown: unknown, { isAnswered }: Pick<CallNotes, "isAnswered">): ModelError {
  const failure = findCause(thrown, (error) => error instanceof ModelFailure);
  if (failure !== undefined) return failure.error;
  const egressError = fromEgressError(thrown);
  if (egressError !== undefined) return egressError;
  if (isAnswered) return { kind: "malformed", message: "the provider's answer could not be read" };
  if (UnsupportedFunctionalityError.isInstance(thrown)) {
    return { kind: "unsupported", message: `not supported by this provider: ${thrown.functionality}` };
  }
  if (APICallError.isInstance(thrown)) return fromApiCallError(thrown);
  return { kind: "unknown", message: "the call failed" };
}

function fromApiCallError({ statusCode: status, responseBody, message, responseHeaders }: APICallError): ModelError {
  if (status === undefined) return { kind: "unreachable", message: "the provider could not be reached" };
  return toAnswerError(status, responseHeaders ?? {}, responseBody ?? message);
}
