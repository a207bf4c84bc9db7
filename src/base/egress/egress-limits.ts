import { LIMITS } from "#base/limits.ts";

/** The limits of every exchange. Times are in milliseconds. `totalMs` covers the whole life of a stream. */
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
