import { expect, test } from "bun:test";
import { type TenantId, toTenantId } from "#base/ids.ts";
import { ThreadFailure } from "#base/threads/thread.ts";
import { aGate, type Task, threadOptions } from "#base/threads/thread-fixture.ts";
import { ThreadPool, ThreadsBusy } from "#base/threads/thread-pool.ts";

const [A, B, C, D, E] = ["a", "b", "c", "d", "e"].map(toTenantId) as [TenantId, TenantId, TenantId, TenantId, TenantId];

function aPool() {
  const { options, started } = threadOptions();
  const pool = new ThreadPool<Task, string>({ ...options, maxWaiting: 3, maxWaitingPerTenant: 2 });
  /** Runs a job that waits at a gate. */
  const runHeld = (tenantId: TenantId, signal?: AbortSignal) => {
    const { gate, open, isReached } = aGate();
    const job = { answer: tenantId, gate };
    return { answer: pool.run({ job, tenantId, ...(signal && { signal }) }), open, isReached };
  };
  const run = (tenantId: TenantId) => pool.run({ job: { answer: tenantId }, tenantId });
  return { pool, started, run, runHeld };
}

test("a job has its answer or its failure, and the next one has its own", async () => {
  const { pool, run } = aPool();
  expect(await run(A)).toBe(A);
  await expect(pool.run({ job: "throw", tenantId: A })).rejects.toBeInstanceOf(ThreadFailure);
  expect(await run(A)).toBe(A);
});

test("a tenant uses one of the two threads at a time, and the other one serves the others", async () => {
  const { run, runHeld, started } = aPool();
  const [first, second] = [runHeld(A), runHeld(A)];
  for (const tenantId of [B, C, B]) expect(await run(tenantId)).toBe(tenantId);
  expect([second.isReached(), started.times]).toEqual([false, 2]);
  for (const { open } of [first, second]) open();
  expect(await Promise.all([first.answer, second.answer])).toEqual([A, A]);
});

test("a job begins when one of the two threads is free", async () => {
  const { runHeld, started } = aPool();
  const [a, b, c] = [runHeld(A), runHeld(B), runHeld(C)];
  c.open();
  b.open();
  expect(await Promise.all([b.answer, c.answer])).toEqual([B, C]);
  expect(started.times).toBe(2);
  a.open();
  expect(await a.answer).toBe(A);
});

test("only so many jobs wait, of all tenants and of one", async () => {
  const { run, runHeld } = aPool();
  const held = [runHeld(A), runHeld(B)];
  const waiting = [run(C), run(C)];
  await expect(run(C)).rejects.toBeInstanceOf(ThreadsBusy);
  waiting.push(run(D));
  await expect(run(E)).rejects.toBeInstanceOf(ThreadsBusy);
  for (const { open } of held) open();
  expect(await Promise.all(waiting)).toEqual([C, C, D]);
  expect(await run(E)).toBe(E);
});

test("a job that nobody waits for at its turn is not begun", async () => {
  const { run, runHeld } = aPool();
  const caller = new AbortController();
  const first = runHeld(A);
  const second = runHeld(A, caller.signal);
  caller.abort();
  first.open();
  await expect(second.answer).rejects.toBeInstanceOf(ThreadFailure);
  expect(second.isReached()).toBe(false);
  expect(await run(A)).toBe(A);
});

test("a stop ends the threads, and the jobs at work fail", async () => {
  const { pool, run, started } = aPool();
  await pool.stop();
  const [job] = await Promise.allSettled([pool.run({ job: "hang", tenantId: A }), pool.stop()]);
  expect(job).toMatchObject({ status: "rejected", reason: expect.any(ThreadFailure) });
  expect(await run(A)).toBe(A);
  expect(started.times).toBe(2);
});
