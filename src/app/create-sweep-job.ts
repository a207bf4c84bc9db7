import { z } from "zod";
import type { Clock } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { deleteExpiredKeys } from "#core/idempotency/delete-expired-keys.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import { deleteDeadJobs } from "#core/jobs/job-store.ts";
import type { SystemDatabase } from "#db/database.ts";
import { deleteOldEvents } from "#runtime/runs/index.ts";

/** The recurring job that deletes rows whose time has passed: idempotency keys, events of old runs, and dead jobs. */
export const createSweepJob = (system: SystemDatabase, clock: Clock): JobHandler =>
  defineJob({
    name: "sweep",
    payload: z.object({}),
    every: LIMITS.sweepInterval,
    async run() {
      const now = clock.now();
      const before = new Date(now.getTime() - LIMITS.eventRetention);
      await deleteExpiredKeys(system, now);
      await deleteOldEvents(system, before);
      await deleteDeadJobs(system, before);
    },
  });
