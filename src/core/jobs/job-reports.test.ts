import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { z } from "zod";
import type { Logger } from "#base/logger.ts";
import { OTHER_TENANT, openJobQueues } from "#core/jobs/job-fixture.ts";
import { defineJob } from "#core/jobs/job-queue.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a queue of jobs on %s", async (dialect) => {
  const queues = await openJobQueues(dialect);
  const { create, enqueue } = queues;
  beforeEach(queues.reset);
  afterAll(queues.dispose);

  test("warns of a job that failed, and reports one that is dead as an error", async () => {
    const lines: string[] = [];
    const write = (level: string) => (facts: { job?: string; attempt?: number }, text: string) =>
      void lines.push(`${level}: ${text} ${facts.job} ${facts.attempt}`);
    const logger = { warn: write("warn"), error: write("error") } as unknown as Logger;
    const queue = create("n1:b1", { logger });
    const run = () => Promise.reject(new Error("no"));
    await queue.start([defineJob({ name: "note", payload: z.looseObject({}), run })]);
    await enqueue("x", { maxAttempts: 2 });
    await queue.work();
    queues.later(10_000);
    await queue.work();
    await queue.stop();
    expect(lines).toEqual(["warn: a job failed note 1", "error: a job is dead note 2"]);
  });

  test("works on as many jobs at once as it may, of all tenants together", async () => {
    let [atWork, most] = [0, 0];
    const run = async () => {
      most = Math.max(most, ++atWork);
      await Bun.sleep(5);
      atWork--;
    };
    const queue = create("n1:b1", { limits: { atOnce: 3, perTenant: 2 } });
    await queue.start([defineJob({ name: "note", payload: z.looseObject({}), run })]);
    for (let count = 0; count < 4; count++) {
      await enqueue("mine");
      await enqueue("theirs", {}, OTHER_TENANT);
    }
    await Promise.all([queue.work(), queue.work()]);
    await queue.stop();
    expect([most, await queues.rows()]).toEqual([3, []]);
  });
});
