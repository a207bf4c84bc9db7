import {
  APICallError,
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { findCause, fromEgressError } from "#models/failures/from-egress-error.ts";
import { ModelFailure } from "#models/failures/model-failure.ts";
import { toAnswerError, toReportedError } from "#models/failures/to-answer-error.ts";
import type { ModelError } from "#models/language-model.ts";

/** What went wrong, in our terms. Nothing of the provider's answer gets into the message: it may quote the prompt. */
export function toModelError(thrown: unknown): ModelError {
  const failure = findCause(thrown, (error) => error instanceof ModelFailure);
  if (failure !== undefined) return failure.error;
  const egressError = fromEgressError(thrown);
  if (egressError !== undefined) return egressError;
  if (UnsupportedFunctionalityError.isInstance(thrown)) {
    return { kind: "unsupported", message: `not supported by this provider: ${thrown.functionality}` };
  }
  if (isMalformed(thrown)) return { kind: "malformed", message: "the provider's answer could not be read" };
  if (APICallError.isInstance(thrown)) return fromApiCallError(thrown);
  return toReportedError(thrown instanceof Error ? thrown.message : thrown);
}

const isMalformed = (thrown: unknown) =>
  EmptyResponseBodyError.isInstance(thrown) ||
  InvalidResponseDataError.isInstance(thrown) ||
  JSONParseError.isInstance(thrown) ||
  TypeValidationError.isInstance(thrown) ||
  (APICallError.isInstance(thrown) && thrown.statusCode === 200);

function fromApiCallError({ statusCode: status, responseBody, message, responseHeaders }: APICallError): ModelError {
  if (status === undefined) return { kind: "unreachable", message: "the provider could not be reached" };
  return toAnswerError(status, responseHeaders ?? {}, `${message} ${responseBody ?? ""}`);
}
