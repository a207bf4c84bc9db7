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

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
