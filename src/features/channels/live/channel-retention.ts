import { z } from "zod";
import { type Clock, DAY, toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import type { SystemDatabase } from "#db/database.ts";

/** Creates the recurring job that deletes old messages of chats, and codes that nobody approved. */
export const createRetentionJob = (system: SystemDatabase, clock: Clock): JobHandler =>
  defineJob({
    name: "channel.retention",
    payload: z.object({}),
    every: LIMITS.sweepInterval,
    async run() {
      const now = clock.now().getTime();
      const before = toTimestamp(new Date(now - LIMITS.channelRetention));
      const expired = toTimestamp(new Date(now - DAY));
      await system.write(async (queries) => {
        await queries.deleteFrom("channel_inbound").where("received_at", "<", before).execute();
        await queries.deleteFrom("channel_outbound").where("ended_at", "<", before).execute();
        await queries
          .deleteFrom("channel_pairings")
          .where("status", "=", "pending")
          .where("expires_at", "<", expired)
          .execute();
      });
    },
  });
