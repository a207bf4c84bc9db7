import type { EgressSender } from "#base/egress/create-egress.ts";
import { LIMITS } from "#base/limits.ts";
import { ModelFailure, malformed } from "#models/failures/model-failure.ts";
import { toAnswerError } from "#models/failures/to-answer-error.ts";
import { readText } from "#models/read-text.ts";

export interface JsonRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** If present, it is sent with POST. Otherwise the request is a GET. */
  readonly body?: object | undefined;
  readonly egress: EgressSender;
}

/** Requests a JSON document from a provider. Throws `ModelFailure` and `EgressError`. */
export async function requestJson(request: JsonRequest, signal: AbortSignal): Promise<unknown> {
  const { url, headers, body, egress } = request;
  const response = await egress.fetch(url, {
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    headers: {
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    signal,
  });
  if (!response.ok) {
    const text = await readText(response.body, LIMITS.modelErrorBody);
    throw new ModelFailure(toAnswerError(response.status, Object.fromEntries(response.headers), text));
  }
  try {
    return JSON.parse(await response.text());
  } catch (thrown) {
    throw thrown instanceof SyntaxError ? malformed("the answer is no JSON") : thrown;
  }
}
