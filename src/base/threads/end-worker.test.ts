import { expect, test } from "bun:test";
import { endWorker } from "#base/threads/end-worker.ts";
import { threadOptions } from "#base/threads/thread-fixture.ts";

test("a thread has ended", async () => {
  const thread = threadOptions().options.start();
  let hasEnded = false;
  thread.addEventListener("close", () => {
    hasEnded = true;
  });
  await endWorker(thread);
  expect(hasEnded).toBe(true);
});

test("a thread that does not end is not waited for", async () => {
  const thread = Object.assign(new EventTarget(), { terminate: () => {} });
  await endWorker(thread as unknown as Worker);
});
