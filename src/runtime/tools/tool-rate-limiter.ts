import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { type Clock, elapsedOf, HOUR } from "#base/clock.ts";

/** Decides whether a session may make one more tool call, and counts the call if so. */
export interface ToolRateLimiter {
  readonly perHour: number;
  take(tenantId: string, sessionId: string): boolean;
}

/** The number of sessions that are counted. Beyond it, the least recently active session is evicted. */
const MAX_SESSIONS = 10_000;

/**
 * Creates a limiter with a sliding window of one hour per session. Counts are in this process's memory. 0 means no
 * limit.
 */
export function createToolRateLimiter(perHour: number, clock: Clock): ToolRateLimiter {
  const calls = new BoundedCache<string, readonly number[]>({ max: MAX_SESSIONS });
  return {
    perHour,
    take(tenantId, sessionId) {
      if (perHour === 0) return true;
      const key = `${tenantId}:${sessionId}`;
      const now = elapsedOf(clock);
      const recent = (calls.get(key) ?? []).filter((time) => time > now - HOUR);
      const isAllowed = recent.length < perHour;
      calls.set(key, isAllowed ? [...recent, now] : recent);
      return isAllowed;
    },
  };
}
