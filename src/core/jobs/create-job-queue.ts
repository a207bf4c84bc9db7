import type { Clock } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { TenantCounts } from "#base/threads/tenant-counts.ts";
import { type JobHandler, type JobQueue, PostponedError } from "#core/jobs/job-queue.ts";
import { JobStore } from "#core/jobs/job-store.ts";
import type { JobsTable } from "#db/core/core-tables.ts";
import type { Database, SystemDatabase } from "#db/database.ts";
import { isDatabaseFault } from "#db/errors.ts";
import { fromJson } from "#db/values.ts";

export interface JobQueueDependencies {
  readonly database: Database;
  readonly system: SystemDatabase;
  /** `<node id>:<boot id>` of this process. */
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** By default, `LIMITS.jobsAtOnce` and `LIMITS.jobsPerTenant`. */
  readonly limits?: JobLimits;
}

/** The jobs that a queue works on at the same time. */
export interface JobLimits {
  readonly atOnce: number;
  readonly perTenant: number;
}

/** The pause in milliseconds between an enqueue and the search for due jobs. The transaction commits meanwhile. */
const WAKE_MS = 25;
/** Jobs that are due within this time share a search, in milliseconds. */
const WAKE_STEP_MS = 5;

/** The embedded job queue, on the gateway's own database. Any number of processes share it. */
export function createJobQueue(dependencies: JobQueueDependencies): JobQueue {
  const { database, system, owner, clock, logger, limits } = dependencies;
  const { atOnce, perTenant } = limits ?? { atOnce: LIMITS.jobsAtOnce, perTenant: LIMITS.jobsPerTenant };
  const store = new JobStore(system, owner, clock, perTenant);
  const handlers = new Map<string, JobHandler>();
  const running = new Map<string, Promise<void>>();
  const atWork = new TenantCounts();
  const stopping = new AbortController();
  /** The next searches for due jobs, by their times in milliseconds. */
  const wakes = new Map<number, NodeJS.Timeout>();
  let poll: NodeJS.Timeout | undefined;
  let lastClaim = Promise.resolve(0);

  const runAttempt = async (job: JobsTable): Promise<void> => {
    const handler = handlers.get(job.name);
    if (!handler || stopping.signal.aborted) return store.release(job);
    const { tenant_id: tenantId, name, attempt } = job;
    try {
      // The claim counts an attempt before it begins, so a job that ends the process still runs out of attempts.
      if (attempt > job.max_attempts) throw new Error("the process ended during the last attempt");
      const payload = handler.payload.parse(fromJson(job.payload));
      await handler.run({ db: database.forTenant(tenantId), payload, attempt, signal: stopping.signal });
      await store.complete(job, handler.every);
    } catch (error) {
      if (error instanceof PostponedError) {
        await store.postpone(job, error.until);
        return wakeAt(error.until);
      }
      if (stopping.signal.aborted || isDatabaseFault(error)) return store.release(job);
      const { isDead } = await store.fail(job, error, handler.every);
      logger[isDead ? "error" : "warn"](
        { error, job: name, tenantId, attempt },
        isDead ? "a job is dead" : "a job failed",
      );
    }
  };

  const begin = (job: JobsTable): void => {
    atWork.change(job.tenant_id, 1);
    const work = runAttempt(job)
      .catch((error: unknown) => logger.warn({ error, job: job.name }, "the end of a job could not be stored"))
      .finally(() => {
        running.delete(job.id);
        atWork.change(job.tenant_id, -1);
      });
    running.set(job.id, work);
  };

  const claimDue = async (): Promise<number> => {
    const room = atOnce - running.size;
    if (stopping.signal.aborted || handlers.size === 0 || room <= 0) return 0;
    const claimed = await store.claim([...handlers.keys()], room, atWork.all);
    for (const job of claimed) begin(job);
    // Jobs of a tenant with its full share may hide those of others, which the next claim finds.
    return claimed.length === 0 ? 0 : claimed.length + (await claimDue());
  };

  /** One claim at a time, so the free places are counted after the previous claim has filled them. */
  const beginDue = (): Promise<number> => {
    const claimed = lastClaim.then(claimDue);
    lastClaim = claimed.catch(() => 0);
    return claimed;
  };

  /** Starts one batch of due jobs after the other until nothing is due. */
  const workInBackground = (): void => {
    const next = async (): Promise<void> => {
      while (await beginDue()) await Promise.race(running.values());
    };
    next().catch((error: unknown) => logger.warn({ error }, "due jobs could not be read"));
  };

  /** Looks for due jobs soon after a time, unless the poll does so anyway. */
  const wakeAt = (time: Date): void => {
    const now = clock.now().getTime();
    const due = Math.ceil(Math.max(now + WAKE_MS, time.getTime()) / WAKE_STEP_MS) * WAKE_STEP_MS;
    if (due - now >= LIMITS.jobPoll || wakes.has(due)) return;
    const wake = setTimeout(() => {
      wakes.delete(due);
      workInBackground();
    }, due - now).unref();
    wakes.set(due, wake);
  };

  return {
    async enqueue(queries, job) {
      await store.insert(queries, job);
      if (handlers.has(job.name)) wakeAt(job.runAt ?? clock.now());
    },
    async start(given) {
      await store.expireEarlierLeases();
      for (const handler of given) handlers.set(handler.name, handler);
      for (const handler of given) if (handler.every !== undefined) await store.insertRecurring(handler);
      poll = setInterval(() => {
        void store
          .renew([...running.keys()])
          .catch((error: unknown) => logger.warn({ error }, "leases were not renewed"));
        workInBackground();
      }, LIMITS.jobPoll).unref();
      workInBackground();
    },
    async work() {
      while ((await beginDue()) > 0 || running.size > 0) await Promise.allSettled(running.values());
    },
    count: () => store.count(),
    async stop() {
      clearInterval(poll);
      for (const wake of wakes.values()) clearTimeout(wake);
      stopping.abort();
      await lastClaim;
      await Promise.allSettled(running.values());
    },
  };
}
