import { LRUCache } from "lru-cache";
import { type Clock, HOUR } from "#base/clock.ts";

/** Says whether a session may call one more tool, and counts the call if so. */
export interface ToolRateLimiter {
  readonly perHour: number;
  take(tenantId: string, sessionId: string): boolean;
}

/** Beyond these, the session that was quiet longest is forgotten. */
const MAX_SESSIONS = 10_000;

/** A sliding hour per session, in this process. `perHour` 0 sets no limit. */
export function createToolRateLimiter(perHour: number, clock: Clock): ToolRateLimiter {
  const calls = new LRUCache<string, readonly number[]>({ max: MAX_SESSIONS });
  return {
    perHour,
    take(tenantId, sessionId) {
      if (perHour === 0) return true;
      const key = `${tenantId}:${sessionId}`;
      const now = clock.now().getTime();
      const recent = (calls.get(key) ?? []).filter((time) => time > now - HOUR);
      const isAllowed = recent.length < perHour;
      calls.set(key, isAllowed ? [...recent, now] : recent);
      return isAllowed;
    },
  };
}
