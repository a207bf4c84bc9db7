/** A source of the current time. Tests substitute their own. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Formats a time as RFC 3339 in UTC with milliseconds. Every time is stored and sent in this format. */
export const toTimestamp = (date: Date): string => date.toISOString();

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
