import { isRecord } from "#base/json.ts";
import { saysOverflow } from "#models/failures/overflow-words.ts";
import { findRefusalKind } from "#models/failures/refusal-words.ts";
import type { ModelErrorKind } from "#models/language-model.ts";

/** Words of OpenAI, Azure, xAI, DeepSeek, OpenRouter, DashScope, MiniMax, BytePlus and Z.ai. */
const CONTENT_POLICY =
  /content[_ ]policy|content[_ ]filter|content management policy|responsible ?ai ?policy|safety system|data_inspection_failed|inappropriate[_ -]content|violates usage guidelines|usage polic(?:y|ies)|content exists risk|input was flagged|new_sensitive|sensitive ?(?:content|information)|敏感内容/i;
/** With these words, a provider has closed an account, for whatever reason. */
const CLOSED_ACCOUNT =
  /\b(?:account|organization|access|key)\b.{0,40} (?:disabled|terminated|suspended|deactivated|revoked|expired)/i;
/** Some providers refuse a key with status 400, or in a stream. Words of Google, xAI and MiniMax. */
const REFUSED_KEY = /api[ _]key (?:not valid|expired)|api_key_invalid|(?:invalid|incorrect)[ _]api[ _]key/i;
/** Without the word `billing`: an ordinary rate limit may mention billing as a way to raise it. */
const OUT_OF_QUOTA =
  /credit balance|insufficient_quota|insufficient[_ ](?:balance|credits)|exceeded_current_quota|api usage limits|used all available credits|spending limit|arrearage|余额不足/i;
const NO_SUCH_MODEL =
  /model_not_found|not a valid model|\binvalid model\b|model not exist|unknown model|model_not_supported|model identifier is invalid|model is not supported|unable to access (?:non-serverless )?model|模型不存在|model \S{1,200} (?:is not found|does not exist|is not supported by any)/i;

/** Error types that providers name, for failures without a status. The first match wins. */
const NAMED_TYPES: readonly (readonly [RegExp, ModelErrorKind])[] = [
  [OUT_OF_QUOTA, "billing"],
  [/overloaded/i, "overloaded"],
  [/rate[_ ]limit|too many requests/i, "rate_limit"],
  [/authentication_error|permission_error/i, "auth"],
  [REFUSED_KEY, "auth"],
  [/billing_error/i, "billing"],
  [/model_not_found|not_found_error/i, "model_not_found"],
  [/timeout|timed out/i, "timeout"],
  [/api_error|server_error|internal error|service_unavailable/i, "server_error"],
  [/invalid_request/i, "invalid_request"],
];

/** An error type in Anthropic's format. Inside a stream, Anthropic's errors have no status. */
const TYPE_FIELD = /"type"\s*:\s*"(?:rate_limit|overloaded|authentication|permission|billing|not_found)_error"/g;

/** With these statuses, the words about a request are advice: to wait or to pay. */
const ABOUT_THE_ACCOUNT: ReadonlySet<number | undefined> = new Set([402, 408, 429]);

/**
 * Returns the kind of a provider's failure. The text takes precedence over the status, because gateways change the
 * status.
 */
export function classifyFailure(status: number | undefined, text: string): ModelErrorKind {
  const words = unescaped(text);
  if (ABOUT_THE_ACCOUNT.has(status)) return classifyStatus(status ?? 0, words);
  if (saysOverflow(words)) return "context_overflow";
  if ((status === undefined || status < 500) && isAgainstPolicy(words)) return "content_policy";
  const refused = isPage(words) ? undefined : findRefusalKind(words);
  if (refused !== undefined) return refused;
  if (status === undefined) return findNamedType(words) ?? "unknown";
  return classifyStatus(status, words);
}

/** Returns JSON text without the escapes that some servers write for every letter outside ASCII. */
function unescaped(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Whether an answer is a web page. Its words belong to a proxy or a website. */
const isPage = (text: string): boolean => text.trimStart().startsWith("<");

const isAgainstPolicy = (text: string): boolean => CONTENT_POLICY.test(text) && !CLOSED_ACCOUNT.test(text);

const isAboutPayment = (text: string): boolean => OUT_OF_QUOTA.test(text) || /billing/i.test(text);

const findNamedType = (text: string): ModelErrorKind | undefined =>
  NAMED_TYPES.find(([pattern]) => pattern.test(text))?.[1];

function classifyStatus(status: number, text: string): ModelErrorKind {
  switch (status) {
    case 429:
      return OUT_OF_QUOTA.test(text) ? "billing" : "rate_limit";
    case 402:
      return "billing";
    case 401:
      return isAboutPayment(text) ? "billing" : "auth";
    case 403:
      // A page comes from a firewall, which judged this one request.
      if (isPage(text)) return "invalid_request";
      return isAboutPayment(text) ? "billing" : "auth";
    case 404:
    case 405:
      return isApiError(text) ? "model_not_found" : "wrong_path";
    case 410:
      return "model_retired";
    case 413:
      return "context_overflow";
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
      if (REFUSED_KEY.test(text)) return "auth";
      return NO_SUCH_MODEL.test(text) ? "model_not_found" : "invalid_request";
  }
}

/** Whether a 404 comes from an API that lacks the model, and not from a server that lacks the path. */
function isApiError(text: string): boolean {
  if (isPage(text)) return false;
  if (/\b(?:model|deployment)s?\b/i.test(text)) return true;
  try {
    const value: unknown = JSON.parse(text);
    const error = Array.isArray(value) ? value[0]?.error : isRecord(value) ? value.error : undefined;
    return isRecord(error) || (typeof error === "string" && !/^not found$/i.test(error));
  } catch {
    return false;
  }
}
