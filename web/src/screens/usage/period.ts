/** The filters of the screen, as the URL has them. */
export interface UsageFilter {
  /** One of `PERIODS`. `from` and `to` override it. */
  readonly period?: string;
  /** A day of the person, or a time. */
  readonly from?: string;
  readonly to?: string;
  readonly by?: string;
  readonly agent?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly user?: string;
  readonly channel?: string;
  readonly measure?: string;
  /** Anything shows the period before in the chart. */
  readonly compare?: string;
  /** Anything tells the groups of the breakdown apart in the chart. */
  readonly split?: string;
}

export const PERIODS = ["today", "24h", "7d", "30d"] as const;
export type PeriodName = (typeof PERIODS)[number];

interface Window {
  readonly from: string;
  readonly to: string;
}

/** A stretch of time as the API takes it, with its ends in milliseconds since 1970. */
export interface Period extends Window {
  readonly name: PeriodName | "own";
  readonly begin: number;
  /** The moment after it. */
  readonly end: number;
  readonly unit: "hour" | "day";
  /** The time before, of the same length. */
  readonly before: Window & { readonly begin: number };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A longer stretch is shown by days. */
const MOST_HOURS = 50 * HOUR;
const PLAIN_DAY = /^\d{4}-\d\d-\d\d$/;

/** The person's time zone, by its IANA name. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Returns a day of the person as `2026-11-27`. */
export const toDay = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

const startOf = (day: string): Date => new Date(`${day}T00:00`);

const shift = (date: Date, days: number): Date =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, date.getHours(), date.getMinutes());

/** Returns the hour of the person's clock in which a moment lies. Some zones differ from UTC by half an hour. */
export const hourOf = (time: number): number => new Date(time).setMinutes(0, 0, 0);

/** Returns the stretch of time that the URL means. */
export function resolvePeriod({ period, from, to }: UsageFilter, now: number): Period {
  if (from !== undefined && to !== undefined) {
    if (PLAIN_DAY.test(from) && PLAIN_DAY.test(to) && from <= to) return ofDays("own", startOf(from), startOf(to));
    const [begin, end] = [Date.parse(from), Date.parse(to)];
    if (begin < end) return ofTimes("own", begin, end);
  }
  const today = startOf(toDay(new Date(now)));
  switch (PERIODS.find((name) => name === period) ?? "7d") {
    case "today":
      return ofDays("today", today, today);
    case "24h":
      return ofTimes("24h", hourOf(now) - 23 * HOUR, hourOf(now) + HOUR);
    case "7d":
      return ofDays("7d", shift(today, -6), today);
    case "30d":
      return ofDays("30d", shift(today, -29), today);
  }
}

function ofDays(name: Period["name"], first: Date, last: Date): Period {
  const begin = first.getTime();
  const end = shift(last, 1).getTime();
  const days = Math.round((end - begin) / DAY);
  const earlier = shift(first, -days);
  return {
    ...{ name, begin, end, from: toDay(first), to: toDay(last), unit: end - begin > MOST_HOURS ? "day" : "hour" },
    before: { from: toDay(earlier), to: toDay(shift(first, -1)), begin: earlier.getTime() },
  };
}

function ofTimes(name: Period["name"], begin: number, end: number): Period {
  const [from, to] = [new Date(begin).toISOString(), new Date(end).toISOString()];
  const earlier = begin - (end - begin);
  return {
    ...{ name, begin, end, from, to, unit: end - begin > MOST_HOURS ? "day" : "hour" },
    before: { from: new Date(earlier).toISOString(), to: from, begin: earlier },
  };
}

/** Returns the beginnings of the hours or days of a stretch, also of those without usage, up to the present. */
export function toBuckets(begin: number, end: number, unit: Period["unit"], now: number): readonly number[] {
  const buckets: number[] = [];
  let at = unit === "hour" ? hourOf(begin) : startOf(toDay(new Date(begin))).getTime();
  while (at < end && at <= Math.max(now, begin)) {
    buckets.push(at);
    at = unit === "hour" ? at + HOUR : shift(new Date(at), 1).getTime();
  }
  return buckets;
}
