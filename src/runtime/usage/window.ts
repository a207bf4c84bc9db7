import { MINUTE } from "#base/clock.ts";

/** A time from `from` until before `to`. */
export interface TimeSpan {
  readonly from: Date;
  readonly to: Date;
}

/** The time whose usage is wanted. */
export interface UsageWindow extends TimeSpan {
  /** The time of the call. Everything that is counted happened before. */
  readonly now: Date;
}

/**
 * Sums of usage are kept by quarters of an hour, because the days of every time zone begin at one. Sums by days of UTC
 * make long windows cheap.
 */
export const QUARTER = 15 * MINUTE;
export const QUARTERS_PER_DAY = 96;

/** Whole quarters, by their numbers since 1970: from `first` until before `end`. */
export interface QuarterRange {
  readonly first: number;
  readonly end: number;
}

/** Quarters as they are stored. With the grain `day`, they are whole days of UTC. */
export interface Quarters extends QuarterRange {
  readonly grain: "quarter" | "day";
}

/** The parts of a window: those that sums cover, and at most two rests, each within a quarter of an hour. */
export interface WindowParts {
  readonly sums: readonly Quarters[];
  readonly rests: readonly TimeSpan[];
}

/**
 * Splits a window. With the grain `quarter`, sums by days are not used. A window until now takes the sums of the quarter
 * that has begun as they are.
 */
export function splitWindow({ from, to, now }: UsageWindow, grain: Quarters["grain"]): WindowParts {
  const first = Math.ceil(from.getTime() / QUARTER);
  const end = (to < now ? Math.floor : Math.ceil)(to.getTime() / QUARTER);
  if (first > end) return { sums: [], rests: from < to ? [{ from, to }] : [] };
  const [begins, ends] = [new Date(first * QUARTER), new Date(end * QUARTER)];
  const rests = [
    { from, to: begins < to ? begins : to },
    { from: ends < to ? ends : to, to },
  ];
  return {
    sums: splitQuarters({ first, end }, grain),
    rests: rests.filter((rest) => rest.from < rest.to),
  };
}

/** The sums of a quarter of an hour, and the times in it that they hold beyond what is wanted. */
export interface CoveredRest {
  readonly sums: Quarters;
  readonly beyond: readonly TimeSpan[];
}

/** Covers a rest by the sums of its quarter. Undefined if the rest itself is shorter than what is beyond it. */
export function coverRest({ from, to }: TimeSpan, now: Date): CoveredRest | undefined {
  const first = Math.floor(from.getTime() / QUARTER);
  const [begins, ends] = [new Date(first * QUARTER), new Date((first + 1) * QUARTER)];
  const beyond = [
    { from: begins, to: from },
    { from: to, to: ends },
  ].filter((part) => part.from < part.to);
  const happened = (part: TimeSpan) => Math.max(0, Math.min(part.to.getTime(), now.getTime()) - part.from.getTime());
  const isShorter = beyond.reduce((total, part) => total + happened(part), 0) < happened({ from, to });
  return isShorter ? { sums: { grain: "quarter", first, end: first + 1 }, beyond } : undefined;
}

/** Splits quarters into those that sums by days cover and those before and after. */
export function splitQuarters({ first, end }: QuarterRange, grain: Quarters["grain"]): readonly Quarters[] {
  const firstDay = Math.ceil(first / QUARTERS_PER_DAY) * QUARTERS_PER_DAY;
  const endDay = Math.floor(end / QUARTERS_PER_DAY) * QUARTERS_PER_DAY;
  if (grain === "quarter" || firstDay >= endDay) return first < end ? [{ grain: "quarter", first, end }] : [];
  const parts: readonly Quarters[] = [
    { grain: "quarter", first, end: firstDay },
    { grain: "day", first: firstDay, end: endDay },
    { grain: "quarter", first: endDay, end },
  ];
  return parts.filter((part) => part.first < part.end);
}

/** Returns the quarters in which a window lies. */
export const quartersAround = ({ from, to }: TimeSpan): QuarterRange => ({
  first: Math.floor(from.getTime() / QUARTER),
  end: Math.ceil(to.getTime() / QUARTER),
});
