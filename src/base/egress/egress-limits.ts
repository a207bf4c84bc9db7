import { LIMITS } from "#base/limits.ts";

/** The bounds of every exchange. Times are milliseconds; a stream's whole life counts as its total time. */
export interface EgressLimits {
  readonly connectMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
  readonly maxBytes: number;
  readonly redirects: number;
}

export const DEFAULT_EGRESS_LIMITS: EgressLimits = {
  connectMs: LIMITS.egressConnect,
  idleMs: LIMITS.egressIdle,
  totalMs: LIMITS.egressTotal,
  maxBytes: LIMITS.egressBody,
  redirects: LIMITS.egressRedirects,
};
