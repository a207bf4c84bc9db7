import { DAY } from "#base/clock.ts";

export type Freshness =
  | { readonly kind: "past"; readonly unit: "day" | "week" | "month" | "year" }
  /** Dates in the form `2026-01-31`. Both are inclusive. */
  | { readonly kind: "range"; readonly from: string; readonly to: string };

/** The values that a model may write: a unit in long or short form, or a range of days. */
export const FRESHNESS_PATTERN = /^(?:p?[dwmy]|day|week|month|year|\d{4}-\d{2}-\d{2}to\d{4}-\d{2}-\d{2})$/;

const UNITS = { d: "day", w: "week", m: "month", y: "year" } as const;
const DAYS = { day: 1, week: 7, month: 31, year: 366 } as const;

/** Parses a text that matches `FRESHNESS_PATTERN`. */
export function parseFreshness(text: string): Freshness {
  const [from = "", to] = text.split("to");
  if (to !== undefined) return { kind: "range", from, to };
  const letter = text.replace(/^p(?=.$)/, "").charAt(0) as keyof typeof UNITS;
  return { kind: "past", unit: UNITS[letter] };
}

/** Converts freshness to a range of days, for providers that have no units. */
export function toDates(freshness: Freshness, now: Date): { readonly from: string; readonly to: string } {
  if (freshness.kind === "range") return { from: freshness.from, to: freshness.to };
  const from = new Date(now.getTime() - DAYS[freshness.unit] * DAY);
  return { from: toDay(from), to: toDay(now) };
}

const toDay = (date: Date): string => date.toISOString().slice(0, 10);
