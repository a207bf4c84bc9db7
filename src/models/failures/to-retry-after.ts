import { HOUR, SECOND } from "#base/clock.ts";

/**
 * Returns how long the provider asks the caller to wait, in milliseconds, at most one hour. A date is relative to the
 * response's `date` header.
 */
export function toRetryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const milliseconds = toNumber(headers["retry-after-ms"]);
  if (milliseconds !== undefined) return Math.min(milliseconds, HOUR);
  const value = headers["retry-after"];
  const seconds = toNumber(value);
  if (seconds !== undefined) return Math.min(seconds * SECOND, HOUR);

  const wait = Date.parse(value ?? "") - Date.parse(headers.date ?? "");
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, HOUR) : undefined;
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
