import { expect, test } from "bun:test";
import { NO_LIMITS, takeLimits, toBegin } from "#db/dialects/postgres/limits.ts";

const DEFAULTS = { statement_timeout: 30_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 30_000 };

test.each<[given: string, url: string, limits: object]>([
  ["postgres://a:b@host:5432/db", "postgres://a:b@host:5432/db", {}],
  ["postgres://a:b@host/db?sslmode=require", "postgres://a:b@host/db?sslmode=require", {}],
  ["postgres://a/db?statement_timeout=5", "postgres://a/db?", { statement_timeout: 5 }],
  ["postgres://a/db?lock_timeout=0&sslmode=require", "postgres://a/db?sslmode=require", { lock_timeout: 0 }],
  [
    "postgres://a/db?x=1&idle_in_transaction_session_timeout=7&lock_timeout=8&statement_timeout=9&y=2",
    "postgres://a/db?x=1&y=2",
    { idle_in_transaction_session_timeout: 7, lock_timeout: 8, statement_timeout: 9 },
  ],
  // What is no limit is not sent to the server either.
  ["postgres://a/db?statement_timeout=-1", "postgres://a/db?", {}],
  ["postgres://a/db?statement_timeout=1.5", "postgres://a/db?", {}],
  ["postgres://a/db?statement_timeout=soon", "postgres://a/db?", {}],
  ["postgres://a/db?x=1?y&lock_timeout=4", "postgres://a/db?x=1%3Fy", { lock_timeout: 4 }],
  ["?lock_timeout=4", "?", { lock_timeout: 4 }],
])("%s is the address %s with its limits", (given, url, limits) => {
  expect(takeLimits(given)).toEqual({ url, limits: { ...DEFAULTS, ...limits } });
});

test("a transaction begins with its limits", () => {
  const limits = { statement_timeout: 1, lock_timeout: 2, idle_in_transaction_session_timeout: 3 };
  expect(toBegin(limits)).toBe(
    "begin; set local statement_timeout = 1; set local lock_timeout = 2; set local idle_in_transaction_session_timeout = 3",
  );
  expect(Object.values(NO_LIMITS)).toEqual([0, 0, 0]);
});
