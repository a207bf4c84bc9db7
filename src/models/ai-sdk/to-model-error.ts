import {
  APICallError,
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { EgressError } from "#base/egress/egress-error.ts";
import { classifyFailure } from "#models/ai-sdk/classify-failure.ts";
import { MalformedStream } from "#models/ai-sdk/to-model-events.ts";
import { toRetryAfter } from "#models/ai-sdk/to-retry-after.ts";
import type { ModelError, ModelErrorKind } from "#models/language-model.ts";

/** What went wrong, in our terms. Nothing of the provider's answer gets into the message: it may quote the prompt. */
export function toModelError(thrown: unknown): ModelError {
  const egressError = findCause(thrown, (error) => error instanceof EgressError);
  if (egressError !== undefined) return { kind: EGRESS_KINDS[egressError.kind], message: egressError.message };
  if (UnsupportedFunctionalityError.isInstance(thrown)) {
    return { kind: "unsupported", message: `not supported by this provider: ${thrown.functionality}` };
  }
  if (isMalformed(thrown)) return { kind: "malformed", message: "the provider's answer could not be read" };
  if (APICallError.isInstance(thrown)) return fromApiCallError(thrown);
  return fromErrorPart(thrown);
}

const EGRESS_KINDS: Readonly<Record<EgressError["kind"], ModelErrorKind>> = {
  blocked_url: "unreachable",
  blocked_address: "unreachable",
  dns: "unreachable",
  connect: "unreachable",
  network: "unreachable",
  redirect: "unreachable",
  aborted: "unreachable",
  timeout: "timeout",
  too_large: "malformed",
};

const isMalformed = (thrown: unknown) =>
  thrown instanceof MalformedStream ||
  EmptyResponseBodyError.isInstance(thrown) ||
  InvalidResponseDataError.isInstance(thrown) ||
  JSONParseError.isInstance(thrown) ||
  TypeValidationError.isInstance(thrown) ||
  (APICallError.isInstance(thrown) && thrown.statusCode === 200);

function fromApiCallError({ statusCode: status, responseBody, message, responseHeaders }: APICallError): ModelError {
  const kind = classifyFailure(status, `${message} ${responseBody ?? ""}`);
  const retryAfterMs = toRetryAfter(responseHeaders ?? {});
  if (status === undefined) return { kind: "unreachable", message: "the provider could not be reached" };
  return {
    kind,
    message: `the provider answered ${status}`,
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Providers report a failure in the middle of a stream as an object of their own. */
function fromErrorPart(part: unknown): ModelError {
  const text = part instanceof Error ? part.message : JSON.stringify(part ?? "");
  return { kind: classifyFailure(undefined, text), message: "the provider reported an error" };
}

function findCause<Found extends Error>(thrown: unknown, is: (error: Error) => error is Found): Found | undefined {
  let error = thrown;
  for (let depth = 0; depth < 8 && error instanceof Error; depth++, error = error.cause) {
    if (is(error)) return error;
  }
  return undefined;
}
