import { SECOND } from "#base/clock.ts";

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** The limits of WebSocket connections. A part of `LIMITS`. Sizes are in bytes and times in milliseconds. */
export const SOCKET_LIMITS = {
  /** A larger message closes the connection with code 1009. */
  socketMessage: 512 * KIB,
  /** How long a new connection may take to authenticate. */
  socketConnect: 10 * SECOND,
  /** A connection is closed if nothing comes from its client for this long, not even an answer to a ping. */
  socketSilence: 60 * SECOND,
  /** Calls of one connection that are in progress at the same time. */
  socketCalls: 32,
  /** Runs that one connection follows at the same time. */
  socketRuns: 1_000,
  /** While more than this waits to be read by the client, no further event of a run and no further call is taken. */
  socketBacklog: 256 * KIB,
  /** A connection is closed when more than this waits to be read by its client. */
  socketBacklogMax: 16 * MIB,
  /** Maximum length of the id of a call, in characters. */
  socketCallId: 200,
  /** Events of one tenant that are kept for those who were away for a moment, and tenants with such events. */
  feedEvents: 500,
  feedTenants: 500,
  /** Lines of the log that are kept for those who begin to read it. */
  logLines: 100,
} as const;
