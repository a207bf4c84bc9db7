const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Returns whether the points stand for whole days or more, so that their hours say nothing. */
export function areDays(times: readonly number[]): boolean {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return gaps.length > 0 && Math.min(...gaps) >= 23 * HOUR;
}

/** Returns whether the points lie within about a day, so that their date says nothing. */
export const areWithinDay = (times: readonly number[]): boolean => (times.at(-1) ?? 0) - (times[0] ?? 0) <= 1.5 * DAY;

/** Chooses about so many of the times for labels, evenly. */
export function chooseTicks(times: readonly number[], count: number): number[] {
  const step = Math.max(1, Math.ceil(times.length / count));
  return times.filter((_, index) => index % step === 0);
}
