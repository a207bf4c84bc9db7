/** A source of the current time. Tests substitute their own. */
export interface Clock {
  now(): Date;
  /** Whole milliseconds since some moment. They never step, not even when somebody sets the machine's time. */
  elapsed?(): number;
}

export const systemClock: Clock = { now: () => new Date(), elapsed: () => Math.floor(performance.now()) };

/**
 * Returns the time by which waits in memory are counted, in milliseconds. A clock of a test may have only `now`. Times
 * that are compared with rows come from `now`.
 */
export const elapsedOf = (clock: Clock): number => clock.elapsed?.() ?? clock.now().getTime();

/** Formats a time as RFC 3339 in UTC with milliseconds. Every time is stored and sent in this format. */
export const toTimestamp = (date: Date): string => date.toISOString();

/** Later than every row. Timestamps of later years no longer sort as text. */
export const END_OF_TIME = new Date("9999-12-31T00:00:00Z");

/** Returns a time whose timestamp sorts as text, which is the end of time for all later ones. */
export const toSortable = (date: Date): Date => new Date(Math.min(date.getTime(), END_OF_TIME.getTime()));

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
