import { expect, test } from "bun:test";
import { ThreadFailure } from "#base/threads/thread.ts";
import { aGate, aThread, type Task } from "#base/threads/thread-fixture.ts";

test("a thread starts with its first job and does the next ones too", async () => {
  const { thread, started } = aThread();
  expect(started.times).toBe(0);
  for (const answer of ["one", "two"]) expect(await thread.run({ answer })).toBe(answer);
  expect(started.times).toBe(1);
});

test.each<[string, Task]>([
  ["throws", "throw"],
  ["exits", "exit"],
])("a thread that %s fails its job, and a new one does the next", async (_, task) => {
  const { thread, started } = aThread();
  await expect(thread.run(task)).rejects.toBeInstanceOf(ThreadFailure);
  expect(await thread.run({ answer: "next" })).toBe("next");
  expect(started.times).toBe(2);
});

test("a job that takes too long fails, and a new thread does the next", async () => {
  const { thread, started } = aThread({ timeoutMs: 50 });
  await expect(thread.run("hang")).rejects.toBeInstanceOf(ThreadFailure);
  expect(started.times).toBe(1);
});

test("a job that takes too much memory fails", async () => {
  const { thread } = aThread({ maxGrowthBytes: 50_000_000 });
  await expect(thread.run("grow")).rejects.toBeInstanceOf(ThreadFailure);
});

test("a job may work on while it takes less memory than it may", async () => {
  const { thread } = aThread({ maxGrowthBytes: process.memoryUsage.rss() });
  const { gate, open } = aGate();
  const answer = thread.run({ answer: "done", gate });
  // Longer than the pause between two looks at the memory.
  await Bun.sleep(150);
  open();
  expect(await answer).toBe("done");
});

test("bytes that are moved to a thread are no longer here", async () => {
  const { thread } = aThread();
  const moved = new ArrayBuffer(8);
  await thread.run({ answer: "x", moved } as Task, [moved]);
  expect(moved.byteLength).toBe(0);
});

test("texts that a thread sends before its answer go to whoever gave the job", async () => {
  const { thread } = aThread();
  const received: (readonly string[])[] = [];
  const run = (task: Task) => thread.run(task, [], (texts) => received.push(texts));
  expect(await run({ answer: "one", texts: ["phở", "🍜".repeat(100_000)] })).toBe("one");
  expect(await run({ answer: "two", texts: [] })).toBe("two");
  expect(await thread.run({ answer: "three", texts: ["nobody reads this"] })).toBe("three");
  expect(received).toEqual([["phở", "🍜".repeat(100_000)], []]);
});
