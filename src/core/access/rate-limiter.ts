import { type Clock, elapsedOf, MINUTE } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";

/** Limits the rate of requests per key. */
export interface RateLimiter {
  /** Resolves to true and counts the request if one more request of `key` is allowed. */
  take(key: string): Promise<boolean>;
}

export const rateLimited = () => new AppError("RESOURCE_EXHAUSTED", "error.rate_limit", {}, { reason: "rate_limit" });

interface Bucket {
  tokens: number;
  filledAt: number;
  usedAt: number;
}

/**
 * Creates a limiter with one token bucket per key, in memory. A bucket refills evenly with `requestsPerMinute`, which
 * may change, and holds at most `LIMITS.rateBurst` tokens. 0 requests per minute mean no limit. A bucket whose last
 * allowed request is older than `LIMITS.rateIdle` is evicted, so requests with many different keys do not fill the
 * memory.
 */
export function createTokenBucketLimiter(requestsPerMinute: () => number, clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  let sweptAt = elapsedOf(clock);

  const sweep = (now: number) => {
    if (now - sweptAt < LIMITS.rateSweep) return;
    sweptAt = now;
    for (const [key, { usedAt }] of buckets) if (now - usedAt > LIMITS.rateIdle) buckets.delete(key);
  };

  return {
    async take(key) {
      const perMillisecond = requestsPerMinute() / MINUTE;
      if (perMillisecond <= 0) return true;
      const now = elapsedOf(clock);
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
