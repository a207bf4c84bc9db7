import { DAY, MINUTE } from "#base/clock.ts";

/** The limits of browsers that sign in. A part of `LIMITS`. Times are in milliseconds. */
export const LOGIN_LIMITS = {
  /** How long a link signs a browser in, unless it was used before. */
  loginLinkTime: 10 * MINUTE,
  /** How long a browser may stay away before it has to sign in again. */
  loginTime: 14 * DAY,
  /** How long a login lasts at most, however often it is used. */
  loginTimeMax: 90 * DAY,
  /** How often at most the use of a login is written down. */
  loginUseTime: 5 * MINUTE,
  /** How long an answer from memory about a login may be used, where no event says that it changed. */
  loginCacheTime: 5 * MINUTE,
  loginCacheEntries: 10_000,
  /** The part of a browser's name for itself that is kept, in characters. */
  userAgentChars: 255,
} as const;
