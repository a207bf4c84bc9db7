import { DAY, HOUR, MINUTE } from "#base/clock.ts";

/** The limits of pairing browsers. A part of `LIMITS`. Times are in milliseconds. */
export const DEVICE_LIMITS = {
  /** How long a code of a browser or a chat may be approved. */
  pairingCodeTime: 1 * HOUR,
  /** How long a paired browser may stay away before it has to ask again. */
  deviceTime: 30 * DAY,
  /** How often at most the use of a browser is written down. */
  deviceUseTime: 1 * DAY,
  /** Browsers of one address, and of one tenant, that wait at the same time. */
  devicesWaitingPerAddress: 3,
  devicesWaiting: 50,
  /** Calls about pairing that strangers of one address may make. */
  pairingCallsPerMinute: 60,
  /** Maximum length of the id of a browser or a sender in a request, in characters. */
  senderIdChars: 128,
  /** How long an answer from memory about a browser may be used, where no event says that it changed. */
  deviceCacheTime: 5 * MINUTE,
  deviceCacheEntries: 10_000,
} as const;
