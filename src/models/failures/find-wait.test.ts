import { describe, expect, test } from "bun:test";
import { toAnswerError, toReportedError } from "#models/failures/to-answer-error.ts";

const DATE = { date: "Wed, 21 Oct 2026 07:28:00 GMT" };
const at = (seconds: number) => Date.parse(DATE.date) + seconds * 1_000;
const waitOf = (headers: Readonly<Record<string, string>>, message = "", status = 429) =>
  toAnswerError(status, { ...DATE, ...headers }, JSON.stringify({ error: { message } })).retryAfterMs;

describe("the wait that a provider asks for", () => {
  test.each([
    ["OpenAI", "Rate limit reached. Please try again in 7.66s. Visit the site to learn more.", 7_660],
    ["Groq", "Please try again in 1m2.5s. Need more tokens? Upgrade", 62_500],
    ["OpenAI's shortest", "Please try again in 20ms.", 20],
    ["OpenAI's longest", "Please try again in 6m0s.", 360_000],
    ["a day", "Please try again in 23h59m59s.", 3_600_000],
    ["Azure", "Please retry after 5 seconds.", 5_000],
    ["Gemini", "Please retry in 34.074824224s.", 34_075],
    ["a proxy", "please wait 1 minute and 3 seconds", 63_000],
    ["a Chinese provider", "请在5秒后重试", 5_000],
    ["nobody", "please try again later", undefined],
    ["a count", "retry 5 messages, or wait for 3 models", undefined],
  ])("is found in the words of %s", (_, message, wait) => {
    expect(waitOf({}, message)).toBe(wait as number);
    expect(waitOf({}, message, 503)).toBe(wait as number);
    expect(toReportedError({ code: 429, message }).retryAfterMs).toBe(wait as number);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, number | undefined]>([
    ["one limit", { "x-ratelimit-reset-requests": "1s" }, 1_000],
    ["one limit in milliseconds", { "x-ratelimit-reset-tokens": "20ms" }, 20],
    ["one limit in seconds", { "x-ratelimit-reset-tokens-minute": "33.5" }, 33_500],
    [
      "the limit that is used up",
      {
        ...{ "x-ratelimit-reset-requests": "6m0s", "x-ratelimit-remaining-requests": "7" },
        ...{ "x-ratelimit-reset-tokens": "2s", "x-ratelimit-remaining-tokens": "0" },
      },
      2_000,
    ],
    [
      "the later of two that are used up",
      {
        ...{ "x-ratelimit-reset-requests": "3s", "x-ratelimit-remaining-requests": "0" },
        ...{ "x-ratelimit-reset-tokens": "2s", "x-ratelimit-remaining-tokens": "0" },
      },
      3_000,
    ],
    ["none of two that are not", { "x-ratelimit-reset-requests": "6m0s", "x-ratelimit-reset-tokens": "2s" }, undefined],
    [
      "Anthropic",
      {
        ...{
          "anthropic-ratelimit-requests-reset": "2026-10-21T07:30:00Z",
          "anthropic-ratelimit-requests-remaining": "9",
        },
        ...{
          "anthropic-ratelimit-input-tokens-reset": "2026-10-21T07:28:12Z",
          "anthropic-ratelimit-input-tokens-remaining": "0",
        },
      },
      12_000,
    ],
    ["OpenRouter", { "x-ratelimit-reset": String(at(9)), "x-ratelimit-remaining": "0" }, 9_000],
    ["a server with seconds since 1970", { "x-ratelimit-reset": String(at(9) / 1_000) }, 9_000],
    ["a moment in the past", { "x-ratelimit-reset": String(at(-9)) }, 0],
    ["the standard", { "ratelimit-reset": "4", "ratelimit-remaining": "0" }, 4_000],
    ["nonsense", { "x-ratelimit-reset-requests": "soon" }, undefined],
    ["Retry-After first", { "retry-after": "3", "x-ratelimit-reset-requests": "1s" }, 3_000],
  ])("is found in the headers of %s", (_, headers, wait) => {
    expect(waitOf(headers)).toBe(wait as number);
  });

  test("is found in the headers that OpenRouter passes on", () => {
    const headers = { "X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": String(at(8)) };
    const body = JSON.stringify({ error: { message: "Rate limit exceeded", code: 429, metadata: { headers } } });
    expect(toAnswerError(429, DATE, body).retryAfterMs).toBe(8_000);
  });

  test("is found in a field of the body", () => {
    const error = { message: "slow down", metadata: { retry_after_seconds: 6 } };
    expect(toAnswerError(429, DATE, JSON.stringify({ error })).retryAfterMs).toBe(6_000);
  });

  test.each([400, 500])("is not read from limits that come with an answer of %p", (status) => {
    expect(waitOf({ "x-ratelimit-reset-requests": "1s" }, "try again in 5s", status)).toBeUndefined();
  });
});
