import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "#base/clock.ts";
import { MASTER_TENANT_ID, type TenantId, toTenantId } from "#base/ids.ts";
import { createLogger } from "#base/logger.ts";
import { createJobQueue, type JobQueueDependencies } from "#core/jobs/create-job-queue.ts";
import { defineJob, type JobAttempt, type JobHandler, type JobQueue, type NewJob } from "#core/jobs/job-queue.ts";
import { openTestDatabase, type TestDialect } from "#testing/test-database.ts";

const Payload = z.object({ text: z.string() });
export type Attempt = JobAttempt<z.output<typeof Payload>>;

/** A tenant beside the master tenant. */
export const OTHER_TENANT: TenantId = toTenantId("0193a5b0-7000-7000-8000-000000000002");

/** Opens a database for job queues, which share a clock that the test sets. */
export async function openJobQueues(dialect: TestDialect) {
  const home = mkdtempSync(join(tmpdir(), "goclaw-jobs-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  let now = new Date("2026-01-02T03:04:05.000Z");
  const clock: Clock = { now: () => now };
  await database.migrate(now);
  const system = database.system("a test of the job queue");
  const tenants = [MASTER_TENANT_ID, OTHER_TENANT].map((id) => ({ id, name: id, slug: id }));
  const fields = { status: "active" as const, settings: "{}", created_at: "x", updated_at: "x" };
  await system.write((queries) =>
    queries
      .insertInto("tenants")
      .values(tenants.map((tenant) => ({ ...tenant, ...fields })))
      .execute(),
  );
  const db = database.forTenant(MASTER_TENANT_ID);
  const started: JobQueue[] = [];
  const stop = () => Promise.all(started.splice(0).map((queue) => queue.stop()));
  /** Creates a queue that has no handlers yet. */
  const create = (owner: string, changes: Partial<JobQueueDependencies> = {}) =>
    createJobQueue({ database, system, owner, clock, logger: createLogger("silent"), ...changes });
  // Nothing wakes the queues of a test, because this one has no handlers: they work when the test says so.
  const outside = create("n0:b1");
  const rows = () => system.read.selectFrom("jobs").selectAll().execute();

  return {
    system,
    db,
    clock,
    create,
    rows,
    /** Starts a queue with a handler of the job `note`. */
    async open(run: (attempt: Attempt) => Promise<void>, overrides: Partial<JobHandler> = {}, owner = "n1:b1") {
      const queue = create(owner);
      started.push(queue);
      await queue.start([{ ...defineJob({ name: "note", payload: Payload, run }), ...overrides }]);
      return queue;
    },
    enqueue: (text: string, job: Partial<NewJob> = {}, tenantId: TenantId = MASTER_TENANT_ID) =>
      database
        .forTenant(tenantId)
        .write((queries) => outside.enqueue(queries, { name: "note", payload: { text }, maxAttempts: 3, ...job })),
    isLeased: async () => ((await rows())[0]?.lease_owner ?? null) !== null,
    /** Waits for a condition. `work` does not wait for the jobs that a queue finds by itself at its start. */
    async until(condition: () => boolean | Promise<boolean>) {
      while (!(await condition())) await Bun.sleep(5);
    },
    later(milliseconds: number) {
      now = new Date(now.getTime() + milliseconds);
    },
    /** Ends the leases of all processes, as if each had been silent for too long. */
    expireLeases: () => system.write((queries) => queries.updateTable("jobs").set({ lease_until: "" }).execute()),
    /** Stops all queues and deletes all jobs. */
    async reset() {
      await stop();
      await system.write((queries) => queries.deleteFrom("jobs").execute());
    },
    async dispose() {
      await stop();
      await dispose();
      rmSync(home, { recursive: true });
    },
  };
}
