import { expect, test } from "bun:test";
import { afterFreeTime } from "#base/threads/after-free-time.ts";
import { nextTurn } from "#base/threads/next-turn.ts";

function stall(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test("a stall of the event loop counts as one step, and the task comes in the end", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let hasRun = false;
  afterFreeTime(1_000, () => {
    hasRun = true;
    resolve();
  });
  stall(1_500);
  await nextTurn();
  expect(hasRun).toBe(false);
  await promise;
});

test("a cancelled task does not run", async () => {
  let hasRun = false;
  const cancel = afterFreeTime(50, () => {
    hasRun = true;
  });
  cancel();
  await new Promise<void>((resolve) => afterFreeTime(200, resolve));
  expect(hasRun).toBe(false);
});
