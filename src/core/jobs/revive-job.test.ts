import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { HOUR } from "#base/clock.ts";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { openJobQueues } from "#core/jobs/job-fixture.ts";
import type { NewJob } from "#core/jobs/job-queue.ts";
import { deleteDeadJobs } from "#core/jobs/job-store.ts";
import { reviveJob } from "#core/jobs/revive-job.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a dead job on %s", async (dialect) => {
  const queues = await openJobQueues(dialect);
  const { system, db, clock, open, enqueue, rows, later } = queues;
  beforeEach(queues.reset);
  afterAll(queues.dispose);

  /** Makes a job dead, and returns its id. Its key, if it has one, is free after that. */
  async function bury(job: Partial<NewJob> = {}): Promise<string> {
    const queue = await open(() => Promise.reject(new Error("no")));
    await enqueue("dead", { maxAttempts: 1, ...job });
    await queue.work();
    await queue.stop();
    return (await rows()).find(({ dead_at }) => dead_at !== null)?.id ?? "";
  }
  const revive = (id: string) => db.write((queries) => reviveJob(queries, id, clock));

  test("is due again now, with all of its attempts", async () => {
    const id = await bury();
    later(HOUR);
    const revived = await revive(id);
    const facts = { id, dead_at: null, attempt: 0, must_repeat: 0, run_at: clock.now().toISOString() };
    expect(revived).toMatchObject(facts);
    expect(await rows()).toEqual([expect.objectContaining(facts)]);
    expect(await revive(id)).toBeUndefined();
  });

  test("stays dead while a live job has its name and key", async () => {
    const id = await bury({ key: "k" });
    await enqueue("alive", { key: "k" });
    expect(await revive(id)).toBe("taken");
    expect((await rows()).filter(({ dead_at }) => dead_at !== null).map((row) => row.id)).toEqual([id]);
  });

  test("with a key is due again if only jobs of other keys or names live", async () => {
    const id = await bury({ key: "k" });
    await enqueue("alive", { key: "other" });
    await enqueue("alive", { key: "k", name: "other" });
    expect(await revive(id)).toMatchObject({ id, key: "k" });
  });

  test("without a key is due again, although another job with its name has an empty key", async () => {
    const id = await bury();
    await enqueue("alive", { key: "" });
    expect(await revive(id)).toMatchObject({ id, key: null });
  });

  test("is no job that is alive, of another tenant, or absent", async () => {
    await enqueue("alive");
    expect(await revive((await rows())[0]?.id ?? "")).toBeUndefined();
    expect(await revive(newId())).toBeUndefined();
  });

  test("is deleted if it died before a time", async () => {
    await bury();
    await enqueue("alive");
    const diedAt = clock.now();
    await deleteDeadJobs(system, diedAt);
    expect(await rows()).toHaveLength(2);
    await deleteDeadJobs(system, new Date(diedAt.getTime() + 1));
    expect((await rows()).map(({ dead_at, tenant_id }) => [dead_at, tenant_id])).toEqual([[null, MASTER_TENANT_ID]]);
  });
});
