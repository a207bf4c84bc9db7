import { z } from "zod";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { defineJob, type JobAttempt, type JobHandler, type JobQueue } from "#core/jobs/job-queue.ts";
import type { SystemDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { findTenantsToCount, type RunEndHook } from "#runtime/runs/index.ts";
import { countUsage } from "#runtime/usage/count-usage.ts";
import { findTenantsToRebuild, rebuildUsage } from "#runtime/usage/rebuild-usage.ts";

const Payload = z.object({});
const SOON = "usage-roll-up-soon";

/**
 * The jobs that add the usage of ended runs to the sums: one now and then, and one that `createRollUpNudge` asks for.
 * What they have not reached yet is read from its rows, so they may be late. They also make what an older release has
 * not stored.
 */
export function createRollUpJobs(system: SystemDatabase): readonly JobHandler[] {
  const run = async ({ signal }: JobAttempt<unknown>): Promise<void> => {
    const repeat = async (tenants: readonly TenantId[], step: (queries: TenantQueries) => Promise<boolean>) => {
      for (const tenantId of tenants) {
        const next = () => system.write((queries) => step(system.scope(queries, tenantId)));
        while (!signal.aborted && (await next()));
      }
    };
    await repeat(await findTenantsToCount(system), countUsage);
    await repeat(await findTenantsToRebuild(system), rebuildUsage);
  };
  return [
    defineJob({ name: "usage-roll-up", payload: Payload, every: LIMITS.usageRollUp, run }),
    defineJob({ name: SOON, payload: Payload, run }),
  ];
}

/** Creates the hook that asks for sums after many ends, so that reads find few rows also under load. */
export function createRollUpNudge(jobs: Pick<JobQueue, "enqueue">): RunEndHook {
  let ended = 0;
  return async (queries) => {
    ended++;
    if (ended < LIMITS.usageRunsUncounted) return;
    ended = 0;
    await jobs.enqueue(queries, { name: SOON, key: SOON, payload: {}, maxAttempts: 1 });
  };
}
