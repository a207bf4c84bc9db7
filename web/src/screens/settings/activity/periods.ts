const HOUR = 3_600_000;

/** How far back each period goes, in milliseconds. */
const LENGTHS: Readonly<Record<string, number>> = {
  hour: HOUR,
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
  month: 30 * 24 * HOUR,
};

/** Returns when a period began, or undefined for one that has no beginning. */
export function startOf(period: string, now = Date.now()): string | undefined {
  const length = LENGTHS[period];
  return length === undefined ? undefined : new Date(now - length).toISOString();
}
