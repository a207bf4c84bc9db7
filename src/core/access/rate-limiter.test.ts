import { expect, test } from "bun:test";
import { MINUTE, SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { createTokenBucketLimiter, rateLimited } from "#core/access/rate-limiter.ts";

function aClock() {
  let time = 0;
  return {
    now: () => new Date(time),
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

async function takeMany(limiter: ReturnType<typeof createTokenBucketLimiter>, key: string, times: number) {
  const taken: boolean[] = [];
  for (let count = 0; count < times; count++) taken.push(await limiter.take(key));
  return taken;
}

test("five requests at once are allowed, the sixth is refused, and one more is allowed a second later", async () => {
  const clock = aClock();
  const limiter = createTokenBucketLimiter(() => 60, clock);
  expect(await takeMany(limiter, "ada", 6)).toEqual([true, true, true, true, true, false]);
  clock.advance(SECOND - 1);
  expect(await limiter.take("ada")).toBe(false);
  clock.advance(1);
  expect(await takeMany(limiter, "ada", 2)).toEqual([true, false]);
});

test("each key has its own bucket, which never holds more than the burst", async () => {
  const clock = aClock();
  const limiter = createTokenBucketLimiter(() => 60, clock);
  await takeMany(limiter, "ada", 6);
  expect(await limiter.take("bob")).toBe(true);
  clock.advance(60 * MINUTE);
  expect((await takeMany(limiter, "ada", 10)).filter(Boolean)).toHaveLength(5);
});

test("zero requests per minute mean no limit", async () => {
  const limiter = createTokenBucketLimiter(() => 0, aClock());
  expect(new Set(await takeMany(limiter, "ada", 100))).toEqual(new Set([true]));
});

test("a refused request costs nothing", async () => {
  const clock = aClock();
  const limiter = createTokenBucketLimiter(() => 60, clock);
  await takeMany(limiter, "ada", 20);
  clock.advance(SECOND - 1);
  expect(await limiter.take("ada")).toBe(false);
  clock.advance(1);
  expect(await limiter.take("ada")).toBe(true);
});

test("a key that was allowed nothing for a long time is forgotten at the next sweep, also if it went on asking", async () => {
  const clock = aClock();
  const limiter = createTokenBucketLimiter(() => 0.001, clock);
  expect(await takeMany(limiter, "ada", 6)).toContain(false);
  clock.advance(LIMITS.rateIdle);
  expect(await limiter.take("ada")).toBe(false);
  clock.advance(LIMITS.rateSweep - 1);
  expect(await limiter.take("ada")).toBe(false);
  clock.advance(1);
  expect(await limiter.take("ada")).toBe(true);
});

test("a key that was allowed a request lately keeps its empty bucket over a sweep", async () => {
  const clock = aClock();
  const limiter = createTokenBucketLimiter(() => 0.001, clock);
  clock.advance(LIMITS.rateIdle);
  await takeMany(limiter, "ada", 6);
  clock.advance(LIMITS.rateSweep);
  expect(await limiter.take("ada")).toBe(false);
});

test("a request over the rate is refused as such", () => {
  expect(rateLimited()).toMatchObject({ code: "RESOURCE_EXHAUSTED", options: { reason: "rate_limit" } });
});
