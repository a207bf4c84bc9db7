import type { EgressPurpose } from "#base/egress/egress-policy.ts";
import { LIMITS } from "#base/limits.ts";

/** The limits of every exchange. Times are in milliseconds. `totalMs` covers the whole life of a stream. */
export interface EgressLimits {
  readonly connectMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
  readonly maxBytes: number;
  readonly redirects: number;
}

/** Returns the limits of a purpose. Calls of providers have stricter limits of their own, which are configurable. */
export function defaultLimits(purpose: EgressPurpose): EgressLimits {
  const isWeb = purpose === "web";
  return {
    connectMs: LIMITS.egressConnect,
    idleMs: isWeb ? LIMITS.egressIdle : LIMITS.egressModelCall,
    totalMs: isWeb ? LIMITS.egressTotal : LIMITS.egressModelCall,
    maxBytes: LIMITS.egressBody,
    redirects: LIMITS.egressRedirects,
  };
}
