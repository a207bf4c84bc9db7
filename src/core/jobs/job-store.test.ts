import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { HOUR, MINUTE, SECOND } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { OTHER_TENANT, openJobQueues } from "#core/jobs/job-fixture.ts";
import { JobStore } from "#core/jobs/job-store.ts";
import type { JobsTable } from "#db/core/core-tables.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the rows of jobs on %s", async (dialect) => {
  const queues = await openJobQueues(dialect);
  const { system, clock, enqueue, rows, later } = queues;
  beforeEach(queues.reset);
  afterAll(queues.dispose);

  const store = new JobStore(system, "n1:b1", clock, 2);
  async function claimOne(): Promise<JobsTable> {
    const [job] = await store.claim(["note"], 1);
    if (!job) throw new Error("no job is due");
    return job;
  }
  const only = async () => (await rows())[0];
  const inFuture = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds).toISOString();

  test("a job without a key has none, and a waiting one need not run twice", async () => {
    await enqueue("x");
    expect(await only()).toMatchObject({ key: null, attempt: 0, must_repeat: 0, error: null, dead_at: null });
    await queues.reset();
    for (const text of ["first", "second"]) await enqueue(text, { key: "k" });
    expect(await only()).toMatchObject({ key: "k", must_repeat: 0, payload: '{"text":"second"}' });
  });

  test("a job that is enqueued again while it runs runs once more at once, with all of its attempts", async () => {
    await enqueue("first", { key: "k" });
    const job = await claimOne();
    await enqueue("again", { key: "k" });
    expect((await only())?.must_repeat).toBe(1);
    later(SECOND);
    await store.complete(job, HOUR);
    expect(await only()).toMatchObject({ attempt: 0, must_repeat: 0, run_at: inFuture(0), lease_owner: null });
  });

  test("a recurring job that ends well comes again after its pause, without the error of an earlier attempt", async () => {
    await enqueue("x");
    await store.fail(await claimOne(), new Error("no"), HOUR);
    expect((await only())?.error).toBe("Error: no");
    later(MINUTE);
    await store.complete(await claimOne(), HOUR);
    expect(await only()).toMatchObject({ attempt: 0, must_repeat: 0, error: null, run_at: inFuture(HOUR) });
  });

  test("a job that is not recurring is gone when it ends well", async () => {
    await enqueue("x");
    await store.complete(await claimOne(), undefined);
    expect(await rows()).toEqual([]);
  });

  test("an attempt that another process took over changes nothing at its end", async () => {
    await enqueue("x");
    const job = await claimOne();
    await queues.expireLeases();
    await new JobStore(system, "n2:b1", clock).claim(["note"], 1);
    const before = await rows();
    await store.complete(job, undefined);
    await store.fail(job, "no", undefined);
    await store.postpone(job, clock.now());
    await store.release(job);
    expect(await rows()).toEqual(before);
  });

  test("an attempt that fails is made again, and the last one buries the job now", async () => {
    await enqueue("x", { maxAttempts: 2 });
    expect(await store.fail(await claimOne(), "no luck", undefined)).toEqual({ isDead: false });
    expect(await only()).toMatchObject({ attempt: 1, error: "no luck", dead_at: null, lease_owner: null });
    later(HOUR);
    expect(await store.fail(await claimOne(), "no luck", undefined)).toEqual({ isDead: true });
    expect(await only()).toMatchObject({ attempt: 2, run_at: inFuture(0), dead_at: inFuture(0), lease_until: null });
  });

  test("a job that is enqueued again during its last attempt begins anew at once, also a recurring one", async () => {
    for (const every of [undefined, HOUR]) {
      await enqueue("x", { key: "k", maxAttempts: 1 });
      const job = await claimOne();
      await enqueue("again", { key: "k" });
      expect(await store.fail(job, "no", every)).toEqual({ isDead: false });
      expect(await only()).toMatchObject({ attempt: 0, must_repeat: 0, run_at: inFuture(0), dead_at: null });
      await queues.reset();
    }
  });

  test("a postponed job comes again at its time, and its attempt does not count", async () => {
    await enqueue("x", { key: "k" });
    const job = await claimOne();
    await enqueue("again", { key: "k" });
    await store.postpone(job, new Date(clock.now().getTime() + HOUR));
    expect(await only()).toMatchObject({ attempt: 0, must_repeat: 0, run_at: inFuture(HOUR), lease_owner: null });
  });

  test("a released job may be taken at once, and its attempt does not count", async () => {
    await enqueue("x");
    await store.release(await claimOne());
    expect(await only()).toMatchObject({ attempt: 0, lease_owner: null, lease_until: null });
    expect((await claimOne()).attempt).toBe(1);
  });

  test("no tenant gets more than its share, counting the jobs at work", async () => {
    for (const text of ["1", "2", "3"]) await enqueue(text);
    for (const text of ["4", "5", "6"]) await enqueue(text, {}, OTHER_TENANT);
    const counts = async (atWork?: ReadonlyMap<typeof OTHER_TENANT, number>) => {
      const claimed = await store.claim(["note"], 10, atWork);
      for (const job of claimed) await store.release(job);
      return [MASTER_TENANT_ID, OTHER_TENANT].map((id) => claimed.filter((job) => job.tenant_id === id).length);
    };
    expect(await counts()).toEqual([2, 2]);
    expect(await counts(new Map([[OTHER_TENANT, 1]]))).toEqual([2, 1]);
    expect(await counts(new Map([[OTHER_TENANT, 2]]))).toEqual([2, 0]);
    const both = new Map([MASTER_TENANT_ID, OTHER_TENANT].map((id) => [id, 2] as const));
    expect(await store.claim(["note"], 10, both)).toEqual([]);
  });

  test("the jobs of a tenant that has its full share do not hide those of others", async () => {
    await enqueue("first");
    later(1);
    await enqueue("second", {}, OTHER_TENANT);
    const claimed = await store.claim(["note"], 1, new Map([[MASTER_TENANT_ID, 2]]));
    expect(claimed.map((job) => job.tenant_id)).toEqual([OTHER_TENANT]);
  });

  test("a recurring job whose last attempt fails comes again after its pause", async () => {
    await enqueue("x", { maxAttempts: 1 });
    expect(await store.fail(await claimOne(), "no", HOUR)).toEqual({ isDead: false });
    expect(await only()).toMatchObject({ attempt: 0, run_at: inFuture(HOUR), dead_at: null });
  });

  test("a job is claimed up to the limit, by its name and when it is due", async () => {
    expect(await store.claim(["note"], 1)).toEqual([]);
    for (const text of ["1", "2"]) await enqueue(text);
    await enqueue("other", { name: "other" });
    await enqueue("later", { runAt: new Date(clock.now().getTime() + 1) });
    expect(await store.claim(["note"], 1)).toHaveLength(1);
    expect(await store.claim(["note"], 9)).toHaveLength(1);
    later(1);
    expect((await store.claim(["other"], 9)).map(({ name }) => name)).toEqual(["other"]);
  });

  test("a recurring job is added once", async () => {
    const handler = { name: "sweep" } as Parameters<JobStore["insertRecurring"]>[0];
    for (let times = 0; times < 2; times++) await store.insertRecurring(handler);
    expect(await rows()).toEqual([expect.objectContaining({ name: "sweep", key: "sweep", max_attempts: 5 })]);
  });

  test("the pause after a failure doubles, from half a second to one second at first", async () => {
    await enqueue("x", { maxAttempts: 9 });
    for (const longest of [SECOND, 2 * SECOND, 4 * SECOND]) {
      for (let times = 0; times < 20; times++) {
        const job = await claimOne();
        await store.fail(job, "no", undefined);
        const pause = Date.parse((await only())?.run_at ?? "") - clock.now().getTime();
        expect(pause).toBeGreaterThanOrEqual(longest / 2);
        expect(pause).toBeLessThanOrEqual(longest);
        // The same attempt again, so that chance cannot hide a wrong pause.
        await system.write((queries) =>
          queries
            .updateTable("jobs")
            .set({ attempt: times < 19 ? job.attempt - 1 : job.attempt, run_at: clock.now().toISOString() })
            .execute(),
        );
      }
    }
  });

  test("counts the jobs that wait and are dead, and since when the first is due", async () => {
    expect(await store.count()).toEqual({ waiting: 0, dead: 0, oldestDueSeconds: 0 });
    await enqueue("x", { runAt: new Date(clock.now().getTime() + MINUTE) });
    expect((await store.count()).oldestDueSeconds).toBe(0);
    later(MINUTE + 1_500);
    expect(await store.count()).toEqual({ waiting: 1, dead: 0, oldestDueSeconds: 1.5 });
  });
});
