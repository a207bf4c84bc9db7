import { MINUTE } from "#base/clock.ts";

/** A time from `from` until before `to`. */
export interface UsageWindow {
  readonly from: Date;
  readonly to: Date;
  /** True if `to` is the time of the call, so that everything that is counted happened before. */
  readonly isUntilNow?: true;
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

/** The parts of a window: those that sums cover, and at most two rests, each shorter than a quarter of an hour. */
export interface WindowParts {
  readonly sums: readonly Quarters[];
  readonly rests: readonly UsageWindow[];
}

/**
 * Splits a window. With the grain `quarter`, sums by days are not used. A window until now takes the sums of the quarter
 * that has begun as they are, because its runs may be many to read.
 */
export function splitWindow({ from, to, isUntilNow }: UsageWindow, grain: Quarters["grain"]): WindowParts {
  const first = Math.ceil(from.getTime() / QUARTER);
  const end = (isUntilNow ? Math.ceil : Math.floor)(to.getTime() / QUARTER);
  if (first >= end) return { sums: [], rests: from < to ? [{ from, to }] : [] };
  const [begins, ends] = [new Date(first * QUARTER), new Date(end * QUARTER)];
  const rests = [
    { from, to: begins },
    { from: ends < to ? ends : to, to },
  ];
  return {
    sums: splitQuarters({ first, end }, grain),
    rests: rests.filter((rest) => rest.from < rest.to),
  };
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
export const quartersAround = ({ from, to }: UsageWindow): QuarterRange => ({
  first: Math.floor(from.getTime() / QUARTER),
  end: Math.ceil(to.getTime() / QUARTER),
});
