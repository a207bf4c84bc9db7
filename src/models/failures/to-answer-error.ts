import { HOUR, SECOND } from "#base/clock.ts";
import { classifyFailure } from "#models/failures/classify-failure.ts";
import { toRetryAfter } from "#models/failures/to-retry-after.ts";
import type { ModelError } from "#models/language-model.ts";

/** A provider's refusal. Nothing of its text gets into the message: it may quote the prompt. */
export function toAnswerError(status: number, headers: Readonly<Record<string, string>>, text: string): ModelError {
  const retryAfterMs = toRetryAfter(headers) ?? findRetryDelay(text);
  return {
    kind: classifyFailure(status, text),
    message: `the provider answered ${status}`,
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Failures that come inside a successful answer name their status as a code, a type or only in words. */
export function toReportedError(reported: unknown): ModelError {
  const text = typeof reported === "string" ? reported : (JSON.stringify(reported) ?? "");
  const status = findStatus(reported);
  const retryAfterMs = findRetryDelay(text);
  return {
    kind: classifyFailure(status, text),
    message: "the provider reported an error",
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function findStatus(reported: unknown): number | undefined {
  if (reported === null || typeof reported !== "object") return undefined;
  const codes = ["code", "status", "status_code"].map((name) => Number(Reflect.get(reported, name)));
  return codes.find((code) => Number.isInteger(code) && code >= 400 && code <= 599);
}

/** Google's RetryInfo (https://cloud.google.com/apis/design/errors) says how long to wait in the body alone. */
function findRetryDelay(text: string): number | undefined {
  const seconds = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d{1,9})?)s"/.exec(text)?.[1];
  return seconds === undefined ? undefined : Math.min(Math.ceil(Number(seconds) * SECOND), HOUR);
}
