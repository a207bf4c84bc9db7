import type { Clock } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";

/** Says whether one more request of `key` is allowed, and counts it if so. */
export interface RateLimiter {
  take(key: string): Promise<boolean>;
}

export const rateLimited = () => new AppError("RESOURCE_EXHAUSTED", "error.rate_limit", {}, { reason: "rate_limit" });

interface Bucket {
  tokens: number;
  filledAt: number;
  usedAt: number;
}

/**
 * Token buckets in memory: `requestsPerMinute` refill evenly, `LIMITS.rateBurst` at most are saved up. Buckets that
 * nobody was allowed to use for a while are dropped on the way, so that a spray of keys does not grow memory.
 */
export function createTokenBucketLimiter(requestsPerMinute: number, clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const perMillisecond = requestsPerMinute / 60_000;
  let sweptAt = clock.now().getTime();

  const sweep = (now: number) => {
    if (now - sweptAt < LIMITS.rateSweep) return;
    sweptAt = now;
    for (const [key, { usedAt }] of buckets) if (now - usedAt > LIMITS.rateIdle) buckets.delete(key);
  };

  return {
    async take(key) {
      if (requestsPerMinute <= 0) return true;
      const now = clock.now().getTime();
      sweep(now);
      const bucket = buckets.get(key) ?? { tokens: LIMITS.rateBurst, filledAt: now, usedAt: now };
      buckets.set(key, bucket);
      bucket.tokens = Math.min(LIMITS.rateBurst, bucket.tokens + (now - bucket.filledAt) * perMillisecond);
      bucket.filledAt = now;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      bucket.usedAt = now;
      return true;
    },
  };
}
