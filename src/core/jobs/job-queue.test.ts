import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { z } from "zod";
import { HOUR, MINUTE } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { type Attempt, openJobQueues } from "#core/jobs/job-fixture.ts";
import { type JobQueue, PostponedError } from "#core/jobs/job-queue.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the job queue on %s", async (dialect) => {
  const queues = await openJobQueues(dialect);
  const { db, clock, open, enqueue, rows, isLeased, until, later, expireLeases } = queues;
  beforeEach(queues.reset);
  afterAll(queues.dispose);

  test("runs a job once, with its payload and its tenant's database, and forgets it", async () => {
    const seen: Attempt[] = [];
    const queue = await open(async (attempt) => void seen.push(attempt));
    await enqueue("hello");
    await queue.work();
    await queue.work();
    expect(seen.map(({ payload, attempt }) => [payload.text, attempt])).toEqual([["hello", 1]]);
    expect(seen[0]?.db.tenantId).toBe(MASTER_TENANT_ID);
    expect(await rows()).toEqual([]);
  });

  test("does not run a job whose transaction fails", async () => {
    const seen: string[] = [];
    const queue = await open(async ({ payload }) => void seen.push(payload.text));
    const failing = db.write(async (queries) => {
      await queue.enqueue(queries, { name: "note", payload: { text: "never" }, maxAttempts: 1 });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    await queue.work();
    expect(seen).toEqual([]);
  });

  test("runs a job no earlier than it is due", async () => {
    const seen: string[] = [];
    const queue = await open(async ({ payload }) => void seen.push(payload.text));
    await enqueue("tomorrow", { runAt: new Date(clock.now().getTime() + HOUR) });
    await queue.work();
    expect(seen).toEqual([]);
    later(HOUR);
    await queue.work();
    expect(seen).toEqual(["tomorrow"]);
  });

  test("keeps one waiting job per key, with the newest payload", async () => {
    const seen: string[] = [];
    const queue = await open(async ({ payload }) => void seen.push(payload.text));
    const runAt = new Date(clock.now().getTime() + MINUTE);
    for (const text of ["first", "second"]) await enqueue(text, { key: "k", runAt });
    await enqueue("other", { key: "other", runAt });
    later(MINUTE);
    await queue.work();
    expect(seen.toSorted()).toEqual(["other", "second"]);
  });

  test("runs a job once more that was enqueued again while it ran", async () => {
    const seen: string[] = [];
    const queue: JobQueue = await open(async ({ payload }) => {
      seen.push(payload.text);
      if (seen.length === 1) await enqueue("again", { key: "k" });
    });
    await enqueue("first", { key: "k" });
    await queue.work();
    expect(seen).toEqual(["first", "again"]);
    expect(await rows()).toEqual([]);
  });

  test("runs a job again when it asked for, which counts as no attempt", async () => {
    const attempts: number[] = [];
    const queue = await open(async ({ attempt }) => {
      attempts.push(attempt);
      if (attempts.length < 4) throw new PostponedError(new Date(clock.now().getTime() + HOUR));
    });
    await enqueue("x", { maxAttempts: 2 });
    for (let round = 1; round <= 4; round++) {
      await queue.work();
      await queue.work();
      expect(attempts).toEqual(Array.from({ length: round }, () => 1));
      later(HOUR);
    }
    expect(await rows()).toEqual([]);
  });

  test("looks for a job that asked for a short pause when the pause is over", async () => {
    let attempts = 0;
    const queue = await open(async () => {
      attempts++;
      if (attempts === 1) throw new PostponedError(clock.now());
    });
    await enqueue("x");
    await queue.work();
    await until(() => attempts === 2);
  });

  test("retries a failed job later, and buries it with its error after the last attempt", async () => {
    const attempts: number[] = [];
    const queue = await open(async ({ attempt }) => {
      attempts.push(attempt);
      throw new TypeError(`no luck ${attempt}`);
    });
    await enqueue("x");
    for (let tries = 0; tries < 5; tries++) {
      await queue.work();
      later(HOUR);
    }
    expect(attempts).toEqual([1, 2, 3]);
    expect(await queue.count()).toEqual({ waiting: 0, dead: 1, oldestDueSeconds: 0 });
    expect((await rows())[0]).toMatchObject({ error: "TypeError: no luck 3", lease_owner: null });
  });

  test("waits longer after each failure, and never less than half the pause", async () => {
    const queue = await open(() => Promise.reject(new Error("no")));
    await enqueue("x", { maxAttempts: 9 });
    for (const pause of [1_000, 2_000, 4_000]) {
      await queue.work();
      const waits = Date.parse((await rows())[0]?.run_at ?? "") - clock.now().getTime();
      expect([waits >= pause / 2, waits <= pause]).toEqual([true, true]);
      later(pause);
    }
  });

  test("buries a job at once whose only attempt fails, and frees its key", async () => {
    const queue = await open(({ payload }) =>
      payload.text === "bad" ? Promise.reject(new Error("no")) : Promise.resolve(),
    );
    await enqueue("bad", { key: "k", maxAttempts: 1 });
    await queue.work();
    await enqueue("good", { key: "k" });
    await queue.work();
    expect((await rows()).map(({ dead_at, payload }) => [dead_at !== null, payload])).toEqual([
      [true, '{"text":"bad"}'],
    ]);
  });

  test("buries a job whose every attempt ended the process", async () => {
    const held = Promise.withResolvers<void>();
    await enqueue("x", { maxAttempts: 2 });
    for (const owner of ["n1:b1", "n1:b2"]) {
      await open(() => held.promise, {}, owner);
      await until(async () => (await rows())[0]?.lease_owner === owner);
    }
    const seen: string[] = [];
    const restarted = await open(async () => void seen.push("ran"), {}, "n1:b3");
    await restarted.work();
    await until(async () => ((await rows())[0]?.dead_at ?? null) !== null);
    expect(seen).toEqual([]);
    expect((await rows())[0]?.error).toBe("Error: the process ended during the last attempt");
    held.resolve();
  });

  test("runs a job that was enqueued again during its last attempt, although that attempt failed", async () => {
    const seen: string[] = [];
    const queue = await open(async ({ payload }) => {
      seen.push(payload.text);
      if (seen.length > 1) return;
      await enqueue("again", { key: "k" });
      throw new Error("no");
    });
    await enqueue("first", { key: "k", maxAttempts: 1 });
    await queue.work();
    expect(seen).toEqual(["first", "again"]);
    expect(await rows()).toEqual([]);
  });

  test("counts a payload that its handler does not accept as a failure", async () => {
    const queue = await open(async () => {});
    await enqueue("", { payload: { text: 1 }, maxAttempts: 1 });
    await queue.work();
    expect((await queue.count()).dead).toBe(1);
  });

  test("leaves jobs without a handler alone, and says how long they have been due", async () => {
    const queue = await open(async () => {});
    await enqueue("x", { name: "unknown" });
    later(90_000);
    await queue.work();
    expect(await queue.count()).toEqual({ waiting: 1, dead: 0, oldestDueSeconds: 90 });
  });

  test("repeats a recurring job after its pause, through failures and restarts, with one row for all processes", async () => {
    const runs: string[] = [];
    const sweep = (name: string) => async () => {
      runs.push(name);
      if (runs.length === 2) throw new Error("once");
    };
    const recurring = { every: HOUR, payload: z.object({}) };
    const first = await open(sweep("first"), recurring);
    const second = await open(sweep("second"), recurring, "n2:b1");
    await Promise.all([first.work(), second.work()]);
    await until(async () => runs.length > 0 && !(await isLeased()));
    expect(runs).toHaveLength(1);
    expect(await rows()).toHaveLength(1);
    for (let hours = 0; hours < 2; hours++) {
      later(HOUR);
      await first.work();
    }
    expect(runs).toHaveLength(3);
    expect((await rows())[0]).toMatchObject({ attempt: 0, dead_at: null, error: null });
  });

  test("releases a job that is at work when the gateway stops, and the attempt does not count", async () => {
    const begun = Promise.withResolvers<void>();
    const queue = await open(async ({ signal }) => {
      begun.resolve();
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await enqueue("x", { maxAttempts: 1 });
    const working = queue.work();
    await begun.promise;
    await queue.stop();
    await working;
    expect((await rows())[0]).toMatchObject({ attempt: 0, lease_owner: null, dead_at: null });
  });

  test("takes over the jobs of a process that died, at once on its own node and after the lease elsewhere", async () => {
    const held = Promise.withResolvers<void>();
    const dead = await open(() => held.promise);
    await enqueue("x");
    const working = dead.work();
    await until(isLeased);
    const seen: string[] = [];
    const elsewhere = await open(async () => void seen.push("elsewhere"), {}, "n2:b1");
    await elsewhere.work();
    expect(seen).toEqual([]);
    const restarted = await open(async () => void seen.push("restarted"), {}, "n1:b2");
    await restarted.work();
    await until(() => seen.length > 0);
    expect(seen).toEqual(["restarted"]);
    held.resolve();
    await working;
  });

  test("a process whose lease ran out can no longer end the job", async () => {
    const held = Promise.withResolvers<void>();
    const slow = await open(() => held.promise);
    await enqueue("x");
    const working = slow.work();
    await until(isLeased);
    await expireLeases();
    const other = Promise.withResolvers<void>();
    const taken = await open(() => other.promise, {}, "n2:b1");
    const takenWork = taken.work();
    await until(async () => (await rows())[0]?.lease_owner === "n2:b1");
    held.resolve();
    await working;
    expect((await rows())[0]).toMatchObject({ lease_owner: "n2:b1", attempt: 2 });
    other.resolve();
    await takenWork;
    await until(async () => (await rows()).length === 0);
  });

  test("two processes never work on one job at the same time", async () => {
    const seen: string[] = [];
    const note = async ({ payload }: Attempt) => void seen.push(payload.text);
    const [one, two] = [await open(note), await open(note, {}, "n2:b1")];
    const texts = Array.from({ length: 30 }, (_, index) => `job ${index}`);
    for (const text of texts) await enqueue(text);
    await Promise.all([one.work(), two.work()]);
    expect(seen.toSorted()).toEqual(texts.toSorted());
  });
});
