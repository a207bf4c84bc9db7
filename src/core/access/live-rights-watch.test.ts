import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { SECOND } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { MASTER_TENANT_ID, newId, toTenantId } from "#base/ids.ts";
import { createLiveRights, type LiveCaller } from "#core/access/live-rights.ts";

// The watch asks once a second, and these tests wait for many seconds.
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const REFUSAL = new AppError("UNAUTHORIZED", "error.unauthorized", {});
const OTHER_TENANT = toTenantId(newId());

/** A caller who is asked for its rights, with the number of times that it was. */
function aCaller(changes: Partial<LiveCaller> = {}) {
  const asked = { times: 0 };
  const caller: LiveCaller = {
    tenantId: MASTER_TENANT_ID,
    userId: "ada",
    disconnected: new AbortController().signal,
    async authenticate() {
      asked.times++;
    },
    ...changes,
  };
  return { caller, asked };
}

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    jest.advanceTimersByTime(SECOND);
    for (let step = 0; step < 5; step++) await Promise.resolve();
  }
}

test("a caller is asked every second, from the first look at its signal to the end of its call", async () => {
  const { caller, asked } = aCaller();
  const watch = createLiveRights().watch(caller);
  await pass(2);
  expect(asked.times).toBe(0);
  expect(watch.signal).toBe(watch.signal);
  await pass(3);
  expect(asked.times).toBe(3);
  watch.end();
  await pass(3);
  expect(asked.times).toBe(3);
});

test("a caller is asked while others end their calls, and again after all had ended", async () => {
  const rights = createLiveRights();
  const [first, second, third] = [aCaller(), aCaller(), aCaller()];
  const watches = [first, second].map(({ caller }) => rights.watch(caller));
  for (const watch of watches) watch.begin(() => {});
  watches[0]?.end();
  await pass(2);
  expect([first.asked.times, second.asked.times]).toEqual([0, 2]);
  watches[1]?.end();
  rights.watch(third.caller).begin(() => {});
  await pass(2);
  expect([second.asked.times, third.asked.times]).toEqual([2, 2]);
});

test("nothing is asked by a timer that nobody needs", () => {
  const watch = createLiveRights().watch(aCaller().caller);
  watch.begin(() => {});
  expect(jest.getTimerCount()).toBe(1);
  watch.end();
  expect(jest.getTimerCount()).toBe(0);
});

test("a caller whose last answer is awaited is not asked again", async () => {
  const answered = Promise.withResolvers<void>();
  let times = 0;
  const { caller } = aCaller({
    authenticate() {
      times++;
      return answered.promise;
    },
  });
  createLiveRights()
    .watch(caller)
    .begin(() => {});
  await pass(3);
  expect(times).toBe(1);
  answered.resolve();
  await pass(2);
  expect(times).toBeGreaterThan(1);
});

test("a refused caller hears of it once, and is asked no more", async () => {
  let times = 0;
  const { caller } = aCaller({
    async authenticate() {
      times++;
      throw REFUSAL;
    },
  });
  const refusals: AppError[] = [];
  createLiveRights()
    .watch(caller)
    .begin((refusal) => void refusals.push(refusal));
  await pass(3);
  expect([times, refusals]).toEqual([1, [REFUSAL]]);
});

test("a call that is over is watched no more, however it begins", async () => {
  const { caller, asked } = aCaller();
  const watch = createLiveRights().watch(caller);
  watch.end();
  watch.begin(() => {});
  expect(watch.signal.aborted).toBe(false);
  await pass(2);
  expect(asked.times).toBe(0);
});

test("the signal of a caller that disconnects aborts with its reason", () => {
  const connection = new AbortController();
  const { signal } = createLiveRights().watch(aCaller({ disconnected: connection.signal }).caller);
  expect(signal.aborted).toBe(false);
  connection.abort("gone");
  expect(signal.reason).toBe("gone");
});

test("the calls of a user in one tenant end at once, and no others", () => {
  const rights = createLiveRights();
  const callers = [{}, { userId: "bob" }, { tenantId: OTHER_TENANT }].map((changes) => aCaller(changes).caller);
  const signals = callers.map((caller) => rights.watch(caller).signal);
  rights.revoke(MASTER_TENANT_ID, "ada");
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
  expect(signals[0]?.reason).toMatchObject({
    code: "UNAUTHORIZED",
    key: "error.tenant_access_revoked",
    options: { status: 403, reason: "tenant_access_revoked" },
  });
});
