import type { ModelErrorKind } from "#models/language-model.ts";

const CONTEXT_OVERFLOW = new RegExp(
  [
    ...["context length exceeded", "context_length_exceeded", "maximum context length", "exceeds the context window"],
    ...["prompt is too long", "too many tokens", "request_too_large", "input is too long", "input length and"],
    ...["maximum prompt length", "exceeds the available context size", "context window exceeds", "model token limit"],
    ...["exceeds the maximum number of tokens", "上下文长度", "超出最大长度", "超过最大长度", "输入过长", "tokens超过"],
  ].join("|"),
  "i",
);
const CONTENT_POLICY =
  /content[_ ]policy|content[_ ]filter|content management policy|responsible ?ai ?policy|safety system|data_inspection_failed|inappropriate[_ -]content/i;
const BILLING = /credit balance|insufficient_quota|insufficient[_ ](?:balance|credits)|arrearage|余额不足|billing/i;
/** Narrower than `BILLING`: an ordinary rate limit may mention billing as a way to raise it. */
const OUT_OF_QUOTA = /credit balance|insufficient_quota|insufficient[_ ](?:balance|credits)|arrearage|余额不足/i;
const NO_SUCH_MODEL =
  /model_not_found|not a valid model|\binvalid model\b|model not exist|unknown model|model \S{1,200} (?:is not found|does not exist)/i;

/** Error types that providers name, for failures without a status. The first match wins. */
const NAMED_TYPES: readonly (readonly [RegExp, ModelErrorKind])[] = [
  [OUT_OF_QUOTA, "billing"],
  [/overloaded/i, "overloaded"],
  [/rate[_ ]limit|too many requests/i, "rate_limit"],
  [/authentication_error|invalid_api_key|permission_error/i, "auth"],
  [/billing_error/i, "billing"],
  [/model_not_found|not_found_error/i, "model_not_found"],
  [/timeout|timed out/i, "timeout"],
  [/api_error|server_error|internal error|service_unavailable/i, "server_error"],
  [/invalid_request/i, "invalid_request"],
];

/** An error type in Anthropic's format. Inside a stream, Anthropic's errors have no status. */
const TYPE_FIELD = /"type"\s*:\s*"(?:rate_limit|overloaded|authentication|permission|billing|not_found)_error"/g;

/**
 * Returns the kind of a provider's failure. The text takes precedence over the status, because gateways change the
 * status.
 */
export function classifyFailure(status: number | undefined, text: string): ModelErrorKind {
  // With status 429, "too many tokens" means a rate limit.
  if (status !== 429 && CONTEXT_OVERFLOW.test(text)) return "context_overflow";
  if ((status === undefined || status < 500) && CONTENT_POLICY.test(text)) return "content_policy";
  if (status === undefined) return findNamedType(text) ?? "unknown";
  return classifyStatus(status, text);
}

const findNamedType = (text: string): ModelErrorKind | undefined =>
  NAMED_TYPES.find(([pattern]) => pattern.test(text))?.[1];

function classifyStatus(status: number, text: string): ModelErrorKind {
  switch (status) {
    case 429:
      return OUT_OF_QUOTA.test(text) ? "billing" : "rate_limit";
    case 402:
      return "billing";
    case 401:
    case 403:
      return BILLING.test(text) ? "billing" : "auth";
    case 404:
      return "model_not_found";
    case 408:
      return "timeout";
    case 503:
      return /overloaded/i.test(text) ? "overloaded" : "server_error";
    case 529:
      return "overloaded";
    default:
      if (status >= 500) return findNamedType([...text.matchAll(TYPE_FIELD)].join(" ")) ?? "server_error";
      if (status < 400) return "unknown";
      if (OUT_OF_QUOTA.test(text)) return "billing";
      return NO_SUCH_MODEL.test(text) ? "model_not_found" : "invalid_request";
  }
}
