import { HOUR, MINUTE, SECOND } from "#base/clock.ts";
import { ownValue, recordOf } from "#base/json.ts";

type HeaderValues = Readonly<Record<string, string>>;

/**
 * Returns the wait that a refusal asks for in the headers of its limits or in words, in milliseconds, at most one hour.
 * `error` is the error of the body, and `text` all of it. Dates are relative to the response's `date` header.
 */
export function findWait(headers: HeaderValues, error: unknown, text: string): number | undefined {
  const wait = fromResetHeaders({ ...sentWithin(error), ...headers }) ?? fromField(text) ?? fromWords(text);
  return wait === undefined ? undefined : Math.min(Math.ceil(wait), HOUR);
}

/** OpenRouter passes the headers of a limit on in `error.metadata.headers`. */
function sentWithin(error: unknown): HeaderValues {
  const sent = recordOf(recordOf(recordOf(error).metadata).headers);
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/**
 * The headers that say when a limit is lifted, with their limit's name. OpenAI, Groq, Cerebras and OpenRouter:
 * `x-ratelimit-reset-tokens`. Anthropic: `anthropic-ratelimit-tokens-reset`.
 */
const RESET = /^(?:x-)?ratelimit-reset(-[\w-]{1,60})?$|^anthropic-ratelimit-([\w-]{1,60})-reset$/;

/** Returns the longest wait for a limit that is used up. If no count is given, a single limit counts as used up. */
function fromResetHeaders(headers: HeaderValues): number | undefined {
  const limits = Object.keys(headers).flatMap((name) => {
    const wait = RESET.test(name) ? toWait(headers[name] ?? "", headers.date) : undefined;
    return wait === undefined ? [] : [{ wait, isSpent: Number(ownValue(headers, remainingOf(name))) === 0 }];
  });
  const spent = limits.filter(({ isSpent }) => isSpent);
  const counted = spent.length === 0 && limits.length === 1 ? limits : spent;
  return counted.length === 0 ? undefined : Math.max(...counted.map(({ wait }) => wait));
}

/** Returns the name of the header with the rest of the same limit. */
const remainingOf = (reset: string): string => reset.replace(/(?<=ratelimit-|-)reset/, "remaining");

/** Numbers above these are moments, in seconds and in milliseconds since 1970, and no durations in seconds. */
const [FIRST_SECOND, FIRST_MILLISECOND] = [1e9, 1e12];

/** Converts `7.66s`, `6m0s`, a number of seconds, a date or a time since 1970 to a wait in milliseconds. */
function toWait(value: string, date: string | undefined): number | undefined {
  const duration = toDuration(value.trim());
  if (duration !== undefined) return duration;
  const number = /^\d{1,16}(?:\.\d{1,9})?$/.test(value.trim()) ? Number(value) : undefined;
  if (number !== undefined && number < FIRST_SECOND) return number * SECOND;
  const moment = number === undefined ? Date.parse(value) : number < FIRST_MILLISECOND ? number * SECOND : number;
  const wait = moment - Date.parse(date ?? "");
  return Number.isFinite(wait) ? Math.max(wait, 0) : undefined;
}

const UNIT = "ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?";
const PART = `(\\d{1,9}(?:\\.\\d{1,9})?)\\s?(${UNIT})(?![a-z])`;
const DURATION = new RegExp(`^(?:${PART}(?:\\s|,|and){0,3}){1,4}$`, "i");

/** Converts a duration such as `1m2.5s`, `20ms` or `12 seconds` to milliseconds. */
function toDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  const parts = [...text.toLowerCase().matchAll(new RegExp(PART, "g"))];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * toMilliseconds(String(unit)), 0);
}

function toMilliseconds(unit: string): number {
  if (unit.startsWith("ms") || unit.startsWith("milli")) return 1;
  return unit.startsWith("s") ? SECOND : unit.startsWith("m") ? MINUTE : HOUR;
}

/** `retry_after` and the like, in seconds. */
const FIELD = /"retry_?after(?:_seconds)?"\s*:\s*"?(\d{1,6}(?:\.\d{1,9})?)"?/i;

function fromField(text: string): number | undefined {
  const seconds = FIELD.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * SECOND;
}

/** `Please try again in 7.66s`, `retry after 5 seconds`, `please wait 1m2s`. */
const WORDS = new RegExp(
  `(?:try again|retry|wait)(?: again)?(?: (?:after|in|for))?:? (?:about |at least |~)?((?:${PART}(?:\\s|,|and){0,3}){1,4})`,
  "i",
);
const CHINESE_WORDS = /(\d{1,6})\s?秒(?:钟)?[后之]/;

function fromWords(text: string): number | undefined {
  const words = WORDS.exec(text)?.[1];
  if (words !== undefined) return toDuration(words.trim());
  const seconds = CHINESE_WORDS.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * SECOND;
}
