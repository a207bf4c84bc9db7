import { HOUR, SECOND } from "#base/clock.ts";
import { classifyFailure } from "#models/failures/classify-failure.ts";
import { findWait } from "#models/failures/find-wait.ts";
import { ProviderWords } from "#models/failures/provider-words.ts";
import { toRetryAfter } from "#models/failures/to-retry-after.ts";
import type { ModelError, ModelErrorKind } from "#models/language-model.ts";

/**
 * Converts a provider's error response into a `ModelError`. The message contains nothing of the text, which may hold
 * keys and quote the prompt.
 */
export function toAnswerError(status: number, headers: Readonly<Record<string, string>>, text: string): ModelError {
  const kind = classifyFailure(status, text);
  const error = parseError(text);
  const retryAfterMs = toRetryAfter(headers) ?? findRetryDelay(text) ?? waitFor(kind, status, headers, error, text);
  return {
    kind,
    message: `the provider answered ${status}`,
    status,
    words: new ProviderWords(text, error),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/**
 * Converts an error reported inside a successful answer. Providers give its status as a code, as a type, or only in
 * words.
 */
export function toReportedError(reported: unknown): ModelError {
  const text = typeof reported === "string" ? reported : (JSON.stringify(reported) ?? "");
  const status = findStatus(reported);
  const kind = classifyFailure(status, text);
  const retryAfterMs = findRetryDelay(text) ?? waitFor(kind, status, {}, reported, text);
  return {
    kind,
    message: "the provider reported an error",
    words: new ProviderWords(text, reported),
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/**
 * Returns the wait that a provider asks for in other ways. Providers send the headers of their limits with every
 * answer, so they count only if the provider refuses for its load.
 */
function waitFor(
  kind: ModelErrorKind,
  status: number | undefined,
  headers: Readonly<Record<string, string>>,
  error: unknown,
  text: string,
): number | undefined {
  const isLoad = kind === "rate_limit" || kind === "overloaded" || status === 503;
  return isLoad ? findWait(headers, error, text) : undefined;
}

/** Returns the `error` of a JSON document or of a list's first item. Returns undefined if the text is not JSON. */
function parseError(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value[0] : value)?.error;
  } catch {
    return undefined;
  }
}

function findStatus(reported: unknown): number | undefined {
  if (reported === null || typeof reported !== "object") return undefined;
  const codes = ["code", "status", "status_code"].map((name) => Number(Reflect.get(reported, name)));
  const named = STATUSES.get(Reflect.get(reported, "status"));
  return codes.find((code) => Number.isInteger(code) && code >= 400 && code <= 599) ?? named;
}

/** Google's status names, which may come without their numbers: https://cloud.google.com/apis/design/errors. */
const STATUSES: ReadonlyMap<unknown, number> = new Map([
  ["INVALID_ARGUMENT", 400],
  ["FAILED_PRECONDITION", 400],
  ["UNAUTHENTICATED", 401],
  ["PERMISSION_DENIED", 403],
  ["NOT_FOUND", 404],
  ["RESOURCE_EXHAUSTED", 429],
  ["INTERNAL", 500],
  ["UNAVAILABLE", 503],
  ["DEADLINE_EXCEEDED", 504],
]);

/**
 * Returns the delay of Google's RetryInfo in milliseconds, at most one hour. Google sends it only in the body:
 * https://cloud.google.com/apis/design/errors.
 */
function findRetryDelay(text: string): number | undefined {
  const seconds = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d{1,9})?)s"/.exec(text)?.[1];
  return seconds === undefined ? undefined : Math.min(Math.ceil(Number(seconds) * SECOND), HOUR);
}
