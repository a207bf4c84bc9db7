import { afterEach, beforeEach, expect, jest, spyOn, test } from "bun:test";
import { EgressError } from "#base/egress/egress-error.ts";
import { Lifeline } from "#base/egress/lifeline.ts";

let now = 0;
let clock: ReturnType<typeof spyOn<typeof performance, "now">>;
// Both the timers and the clock that they are compared with stand still until a test moves them.
beforeEach(() => {
  now = 0;
  jest.useFakeTimers();
  clock = spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  clock.mockRestore();
  jest.useRealTimers();
});

const pass = (milliseconds: number) => {
  for (let step = 0; step < milliseconds; step++) {
    now++;
    jest.advanceTimersByTime(1);
  }
};

function aLifeline({ caller, totalMs = 1_000 }: { caller?: AbortSignal; totalMs?: number } = {}) {
  const open = new Set<Lifeline>();
  const lifeline = new Lifeline(caller, totalMs, open);
  const ended = { times: 0 };
  lifeline.watch(() => void ended.times++);
  return { lifeline, open, ended };
}

test("an exchange ends once what is expected is late", () => {
  const { lifeline, open, ended } = aLifeline();
  expect(open.has(lifeline)).toBe(true);
  lifeline.expectWithin(50);
  pass(49);
  expect([lifeline.hasEnded, ended.times]).toEqual([false, 0]);
  pass(1);
  expect([lifeline.hasEnded, ended.times, open.size]).toEqual([true, 1, 0]);
  expect(lifeline.explain(new Error("later"))).toMatchObject({ kind: "timeout" });
});

test("each expectation begins anew, a shorter one as well as a longer one", () => {
  const { lifeline } = aLifeline();
  lifeline.expectWithin(50);
  pass(40);
  lifeline.expectWithin(50);
  pass(49);
  expect(lifeline.hasEnded).toBe(false);
  lifeline.expectWithin(10);
  pass(9);
  expect(lifeline.hasEnded).toBe(false);
  pass(1);
  expect(lifeline.hasEnded).toBe(true);
});

test("an exchange that expects nothing ends after its total time", () => {
  const { lifeline } = aLifeline({ totalMs: 100 });
  lifeline.expectWithin(50);
  lifeline.expectNothing();
  pass(99);
  expect(lifeline.hasEnded).toBe(false);
  pass(1);
  expect(lifeline.hasEnded).toBe(true);
});

test("the total time also ends an exchange that expects something later", () => {
  const { lifeline } = aLifeline({ totalMs: 30 });
  lifeline.expectWithin(50);
  pass(30);
  expect(lifeline.hasEnded).toBe(true);
});

test("an exchange that is released is ended by neither time nor its caller", () => {
  const caller = new AbortController();
  const { lifeline, open, ended } = aLifeline({ caller: caller.signal });
  lifeline.expectWithin(50);
  lifeline.release();
  pass(60);
  caller.abort();
  expect([lifeline.hasEnded, ended.times, open.size]).toEqual([false, 0, 0]);
});

test("an abort of the caller ends the exchange, also an earlier one", () => {
  const caller = new AbortController();
  const { lifeline, ended } = aLifeline({ caller: caller.signal });
  caller.abort("why");
  expect(lifeline.explain(undefined)).toMatchObject({ kind: "aborted", cause: "why" });
  expect(ended.times).toBe(1);
  expect(aLifeline({ caller: caller.signal }).lifeline.hasEnded).toBe(true);
});

test("the first end counts, and tells those who still watch", () => {
  const { lifeline, ended } = aLifeline();
  const other = { times: 0 };
  const watcher = () => void other.times++;
  lifeline.watch(watcher);
  lifeline.unwatch(watcher);
  const [first, second] = [new EgressError("network"), new EgressError("dns")];
  lifeline.end(first);
  lifeline.end(second);
  expect([ended.times, other.times]).toEqual([1, 0]);
  expect(lifeline.explain(second)).toBe(first);
  lifeline.expectWithin(10);
  expect(jest.getTimerCount()).toBe(0);
});

const coded = (code: string) => Object.assign(new Error("no"), { code });

test.each([
  ...["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ETIMEDOUT"],
  ...["ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT"],
])("the code %s means that there was no connection", (code) => {
  const cause = coded(code);
  expect(aLifeline().lifeline.explain(cause)).toMatchObject({ kind: "connect", cause });
});

test("any other error is one of the network, and one of ours stays", () => {
  const { lifeline } = aLifeline();
  for (const thrown of [coded("ECONNRESET"), new Error("no"), "ECONNREFUSED"]) {
    expect(lifeline.explain(thrown)).toMatchObject({ kind: "network", cause: thrown });
  }
  expect(lifeline.explain(undefined).kind).toBe("network");
  const ours = new EgressError("dns");
  expect(lifeline.explain(ours)).toBe(ours);
});
