import { z } from "zod";
import { type Clock, DAY } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { deleteOldChanges } from "#core/events/delete-old-changes.ts";
import { deleteExpiredKeys } from "#core/idempotency/delete-expired-keys.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import { deleteDeadJobs } from "#core/jobs/job-store.ts";
import type { SystemDatabase } from "#db/database.ts";
import { deleteOldEvents, endUnnamedSessions } from "#runtime/runs/index.ts";

export interface SweepOptions {
  readonly system: SystemDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long sessions stay that no caller named. 0 keeps them. */
  readonly retentionDays: number;
}

/**
 * The recurring job that deletes rows whose time has passed: idempotency keys, events of old runs, dead jobs, and old
 * changes. It also ends sessions that no caller named.
 */
export const createSweepJob = ({ system, clock, logger, retentionDays }: SweepOptions): JobHandler =>
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
      await deleteOldChanges(system);
      if (retentionDays === 0) return;
      const ended = await endUnnamedSessions(system, new Date(now.getTime() - retentionDays * DAY));
      if (ended > 0) logger.info({ sessions: ended }, "sessions without a key of their caller ended by retention");
    },
  });
