import { z } from "zod";
import type { Config } from "#app/config/schema.ts";
import { createUsedBlobFinder } from "#app/find-used-blobs.ts";
import { type Clock, DAY } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { deleteOldActivity } from "#core/activity/delete-old-activity.ts";
import { deleteOldChanges } from "#core/events/delete-old-changes.ts";
import { deleteExpiredKeys } from "#core/idempotency/delete-expired-keys.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import { deleteDeadJobs } from "#core/jobs/job-store.ts";
import type { Database, SystemDatabase } from "#db/database.ts";
import { deleteOldChatMessages } from "#features/channels/index.ts";
import { deleteOldMedia } from "#features/media/index.ts";
import { deleteOldEvents, deleteOldSpans, endUnnamedSessions } from "#runtime/runs/index.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";

export interface SweepOptions {
  readonly database: Database;
  readonly system: SystemDatabase;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many days records of each kind stay. 0 keeps them. */
  readonly retention: Config["retention"];
  /** How many days sessions stay that no caller named. 0 keeps them. */
  readonly sessionDays: number;
}

/**
 * The recurring job that deletes what its time has passed: idempotency keys, records of each kind, and messages of
 * chats. It also ends sessions that no caller named, and deletes blobs that nothing names any more.
 */
export const createSweepJob = (options: SweepOptions): JobHandler =>
  defineJob({
    name: "sweep",
    payload: z.object({}),
    every: LIMITS.sweepInterval,
    async run() {
      const { system, clock, retention, sessionDays } = options;
      const now = clock.now();
      await deleteExpiredKeys(system, now);
      await deleteOldChanges(system);
      await deleteOldChatMessages(system, now);
      const byDays: readonly (readonly [days: number, (before: Date) => Promise<void>])[] = [
        [retention.events_days, (before) => deleteOldEvents(system, before)],
        [retention.traces_days, (before) => deleteOldSpans(system, before)],
        [retention.jobs_days, (before) => deleteDeadJobs(system, before)],
        [retention.activity_days, (before) => deleteOldActivity(system, before)],
        [retention.media_days, (before) => deleteOldMedia(system, before)],
        [sessionDays, (before) => endSessions(options, before)],
      ];
      for (const [days, deleteOld] of byDays) if (days > 0) await deleteOld(new Date(now.getTime() - days * DAY));
      await sweepBlobs(options, new Date(now.getTime() - LIMITS.blobGrace));
    },
  });

async function endSessions({ system, logger }: SweepOptions, before: Date): Promise<void> {
  const ended = await endUnnamedSessions(system, before);
  if (ended > 0) logger.info({ sessions: ended }, "sessions without a key of their caller ended by retention");
}

async function sweepBlobs({ database, blobs, logger }: SweepOptions, before: Date): Promise<void> {
  const deleted = await blobs.sweep({ before, findUsed: createUsedBlobFinder(database) });
  if (deleted > 0) logger.info({ blobs: deleted }, "files that nothing names were deleted");
}
