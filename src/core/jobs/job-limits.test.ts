import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { Registry } from "prom-client";
import { z } from "zod";
import { DAY, HOUR, SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { type Attempt, OTHER_TENANT, openJobQueues } from "#core/jobs/job-fixture.ts";
import { JobStore } from "#core/jobs/job-store.ts";
import { registerJobMetrics } from "#core/jobs/register-job-metrics.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the job queue within its limits on %s", async (dialect) => {
  const queues = await openJobQueues(dialect);
  const { system, db, clock, create, open, enqueue, rows, isLeased, until, later, expireLeases } = queues;
  beforeEach(queues.reset);
  afterAll(queues.dispose);

  test("a recurring job that fails at every attempt is not dead, and begins anew after its pause", async () => {
    const attempts: number[] = [];
    const run = async ({ attempt }: Attempt) => {
      attempts.push(attempt);
      throw new Error("no");
    };
    const queue = await open(run, { every: 3 * HOUR, payload: z.object({}) });
    await until(async () => attempts.length > 0 && !(await isLeased()));
    for (let tries = 0; tries < 4; tries++) {
      later(HOUR);
      await queue.work();
    }
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    expect((await rows())[0]).toMatchObject({
      attempt: 0,
      dead_at: null,
      run_at: new Date(clock.now().getTime() + 3 * HOUR).toISOString(),
    });
    later(3 * HOUR);
    await queue.work();
    expect(attempts).toEqual([1, 2, 3, 4, 5, 1]);
  });

  test("a process runs only so many jobs at once, however often it is woken", async () => {
    let running = 0;
    let most = 0;
    const queue = await open(async () => {
      most = Math.max(most, ++running);
      await Bun.sleep(20);
      running--;
    });
    for (let index = 0; index < 3 * LIMITS.jobsAtOnce; index++) await enqueue(`${index}`);
    await Promise.all([queue.work(), queue.work(), queue.work()]);
    expect([most, await rows()]).toEqual([LIMITS.jobsPerTenant, []]);
  });

  test("leaves room for the jobs of other tenants while all jobs of one hang", async () => {
    const held = Promise.withResolvers<void>();
    const seen: string[] = [];
    const queue = await open(async ({ payload }) => {
      seen.push(payload.text);
      if (payload.text === "hang") await held.promise;
    });
    for (let index = 0; index < 2 * LIMITS.jobsAtOnce; index++) await enqueue("hang");
    await enqueue("mine", {}, OTHER_TENANT);
    const working = queue.work();
    await until(() => seen.includes("mine"));
    expect(seen.filter((text) => text === "hang")).toHaveLength(LIMITS.jobsPerTenant);
    held.resolve();
    await working;
  });

  test("waits no longer than an hour after any number of failures", async () => {
    const queue = await open(() => Promise.reject(new Error("no")));
    await enqueue("x", { maxAttempts: 20 });
    for (let tries = 0; tries < 15; tries++) {
      later(HOUR);
      await queue.work();
    }
    const waits = Date.parse((await rows())[0]?.run_at ?? "") - clock.now().getTime();
    expect([waits >= LIMITS.jobRetryDelay / 2, waits <= LIMITS.jobRetryDelay]).toEqual([true, true]);
  });

  test.each<[string, unknown, string]>([
    ["an error", new RangeError("no"), "RangeError: no"],
    ["a text", "no luck", "no luck"],
    ["a long error", new Error("x".repeat(1_000)), `Error: ${"x".repeat(493)}`],
  ])("keeps %s that a job threw, up to 500 characters", async (_, thrown, error) => {
    const queue = await open(async () => {
      throw thrown;
    });
    await enqueue("x");
    await queue.work();
    expect((await rows())[0]?.error).toBe(error);
  });

  test("works on a few jobs at a time", async () => {
    const full = Promise.withResolvers<void>();
    let [atWork, most, done] = [0, 0, 0];
    const queue = await open(async () => {
      atWork++;
      most = Math.max(most, atWork);
      if (atWork >= LIMITS.jobsPerTenant) full.resolve();
      await full.promise;
      atWork--;
      done++;
    });
    const jobs = 3 * LIMITS.jobsAtOnce;
    for (let count = 0; count < jobs; count++) await enqueue(`job ${count}`);
    await queue.work();
    expect([most, done]).toEqual([LIMITS.jobsPerTenant, jobs]);
  });

  test("begins nothing once it is stopped, and nothing without a handler", async () => {
    const seen: string[] = [];
    const stopped = await open(async ({ payload }) => void seen.push(payload.text));
    await stopped.stop();
    await enqueue("x");
    await stopped.work();
    await create("n1:b1").work();
    expect(seen).toEqual([]);
    expect((await rows()).map(({ attempt }) => attempt)).toEqual([0]);
  });

  test("runs a job soon after its commit, without being asked to", async () => {
    const seen: string[] = [];
    const queue = await open(async ({ payload }) => void seen.push(payload.text));
    for (const text of ["one", "two"]) {
      await db.write((queries) => queue.enqueue(queries, { name: "note", payload: { text }, maxAttempts: 1 }));
      await until(() => seen.includes(text));
    }
    expect(seen).toEqual(["one", "two"]);
  });

  test("leaves a job to its process for as long as the lease is renewed", async () => {
    const [holder, other] = [new JobStore(system, "n1:b1", clock), new JobStore(system, "n2:b1", clock)];
    await enqueue("x");
    const [job] = await holder.claim(["note"], 1);
    await expireLeases();
    await holder.renew([job?.id ?? ""]);
    expect(await other.claim(["note"], 1)).toEqual([]);
    await expireLeases();
    await other.renew([job?.id ?? ""]);
    expect((await other.claim(["note"], 1)).map(({ attempt }) => attempt)).toEqual([2]);
  });

  test("leaves a job to its process, although the clock of another one is a day ahead", async () => {
    const ahead = { now: () => new Date(clock.now().getTime() + DAY) };
    const [holder, other] = [new JobStore(system, "n1:b1", clock), new JobStore(system, "n2:b1", ahead)];
    await enqueue("x");
    expect(await holder.claim(["note"], 1)).toHaveLength(1);
    expect(await other.claim(["note"], 1)).toEqual([]);
  });

  test("measures waiting and dead jobs, and since when the oldest is due", async () => {
    const registry = new Registry();
    const queue = await open(() => Promise.reject(new Error("no")));
    registerJobMetrics(registry, queue);
    const gaugeOf = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value;
    const values = () =>
      Promise.all(["waiting", "dead", "oldest_due_seconds"].map((name) => gaugeOf(`goclaw_jobs_${name}`)));
    await enqueue("bad", { maxAttempts: 1 });
    await queue.work();
    await enqueue("tomorrow", { runAt: new Date(clock.now().getTime() + HOUR) });
    expect(await values()).toEqual([1, 1, 0]);
    await enqueue("unknown", { name: "unknown" });
    later(90 * SECOND);
    expect(await values()).toEqual([2, 1, 90]);
  });
});
