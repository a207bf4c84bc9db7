import { DAY, END_OF_TIME, HOUR, toSortable } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import type { PointGroup, SummariseUsageInput } from "#features/usage/schema.ts";
import { toZonedDay } from "#features/usage/time-zone.ts";
import type { UsageWindow } from "#runtime/usage/index.ts";

/** The time that a request asks for: moments in RFC 3339, or days in its time zone. */
interface Requested {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly tz?: string | undefined;
  readonly timezone?: string | undefined;
}

export const zoneOf = ({ tz, timezone }: Requested): string => tz ?? timezone ?? "UTC";

const isDay = (moment: string) => !moment.includes("T");

const startOf = (moment: string, zone: string): Date =>
  isDay(moment) ? toZonedDay(moment, zone).from : new Date(moment);

const endOf = (moment: string, zone: string): Date =>
  toSortable(isDay(moment) ? toZonedDay(moment, zone).to : new Date(moment));

/** Returns the window of a request. It ends now and has the usual length in milliseconds, unless the request says so. */
export function toWindow(ctx: Context, requested: Requested, usual: number = DAY): UsageWindow {
  const zone = zoneOf(requested);
  const now = ctx.clock.now();
  const to = requested.to === undefined ? now : endOf(requested.to, zone);
  const from = requested.from === undefined ? new Date(to.getTime() - usual) : startOf(requested.from, zone);
  return { from, to, now };
}

/** Like `toWindow`, without an end where the request names none. */
export function toOpenWindow(ctx: Context, requested: Requested): UsageWindow {
  const zone = zoneOf(requested);
  return {
    from: requested.from === undefined ? new Date(0) : startOf(requested.from, zone),
    to: requested.to === undefined ? END_OF_TIME : endOf(requested.to, zone),
    now: ctx.clock.now(),
  };
}

const PERIODS = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;

/** Returns the window of a summary, and the one before it. The day before today is a whole day. */
export function toPeriods(
  ctx: Context,
  input: Pick<SummariseUsageInput, "period" | "from" | "to" | "tz" | "timezone">,
): { readonly current: UsageWindow; readonly previous: UsageWindow } {
  const now = ctx.clock.now();
  const { from, to, period } = input;
  if (from !== undefined && to !== undefined) return withPrevious(toWindow(ctx, input));
  if (period !== "today") return withPrevious({ from: new Date(now.getTime() - PERIODS[period]), to: now, now });
  const zone = zoneOf(input);
  const today = toZonedDay(localDateOf(now, zone), zone);
  const yesterday = toZonedDay(localDateOf(new Date(today.from.getTime() - HOUR), zone), zone);
  return { current: { from: today.from, to: now, now }, previous: { from: yesterday.from, to: today.from, now } };
}

const withPrevious = (current: UsageWindow) => {
  const length = current.to.getTime() - current.from.getTime();
  return { current, previous: { ...current, from: new Date(current.from.getTime() - length), to: current.from } };
};

/** Sweden writes dates as RFC 3339 does. */
const localDateOf = (time: Date, timeZone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(time);

const LENGTHS: Readonly<Record<PointGroup, number>> = { hour: HOUR, day: DAY };

/** Throws 400 if a window has more hours or days than an answer with so many series may hold. */
export function requireFewPoints({ from, to }: UsageWindow, group: PointGroup, series = 1): void {
  const max = Math.floor(LIMITS.usagePoints / series);
  if ((to.getTime() - from.getTime()) / LENGTHS[group] <= max) return;
  throw new AppError("INVALID_REQUEST", "error.too_many_points", { max });
}
