import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import type { SystemDatabase } from "#db/database.ts";
import { findTenantsToCount } from "#runtime/runs/index.ts";
import { countUsage } from "#runtime/usage/count-usage.ts";

/** The recurring job that adds the usage of ended runs to the sums. What it has not reached yet is read from its rows. */
export const createRollUpJob = (system: SystemDatabase): JobHandler =>
  defineJob({
    name: "usage-roll-up",
    payload: z.object({}),
    every: LIMITS.usageRollUp,
    async run({ signal }) {
      for (const tenantId of await findTenantsToCount(system)) {
        const countSome = () => system.write((queries) => countUsage(system.scope(queries, tenantId)));
        while (!signal.aborted && (await countSome()));
      }
    },
  });
