import { MINUTE, SECOND } from "#base/clock.ts";

/** The limits of usage, traces and what is sent to collectors. A part of `LIMITS`. Times are in milliseconds. */
export const REPORT_LIMITS = {
  /** Timeout of one query that visits many rows. */
  reportTime: 30 * SECOND,
  /** Such queries that wait for a thread. */
  reportsWaiting: 400,
  reportsWaitingPerTenant: 200,
  /** The most hours or days in one answer about usage. */
  usagePoints: 10_000,
  /** The most values of a field that one answer about usage tells apart by time. */
  usageSeries: 20,
  /** The number up to which traces and runs are counted in a list. */
  tracesCounted: 2_000,
  /** Spans of one trace in an answer. */
  traceSpans: 5_000,
  /** How many of the newest matching traces are looked at for their numbers. */
  tracesCompared: 20_000,
  /** How many of the newest matching traces a search of their texts looks at. */
  tracesSearched: 5_000,
  /** Spans that wait to be sent to a collector. Further ones are dropped. */
  telemetryQueue: 8_192,
  telemetryBatch: 512,
  telemetryDelay: 2 * SECOND,
  /** Timeout of one batch. */
  telemetryTime: 10 * SECOND,
  /** How long a stopping gateway waits for its last batch. */
  telemetryLastBatch: 3 * SECOND,
  /** How often the usage of ended runs is added to the sums. */
  usageRollUp: 5 * MINUTE,
  /** It is also added after so many ends of runs in one process. */
  usageRunsUncounted: 500,
} as const;
