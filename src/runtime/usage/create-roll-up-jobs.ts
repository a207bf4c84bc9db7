import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { defineJob, type JobAttempt, type JobHandler, type JobQueue } from "#core/jobs/job-queue.ts";
import type { SystemDatabase } from "#db/database.ts";
import { findTenantsToCount, type RunEndHook } from "#runtime/runs/index.ts";
import { countUsage } from "#runtime/usage/count-usage.ts";

const Payload = z.object({});
const SOON = "usage-roll-up-soon";

/**
 * The jobs that add the usage of ended runs to the sums: one now and then, and one that `createRollUpNudge` asks for.
 * What they have not reached yet is read from its rows, so they may be late.
 */
export function createRollUpJobs(system: SystemDatabase): readonly JobHandler[] {
  const run = async ({ signal }: JobAttempt<unknown>): Promise<void> => {
    for (const tenantId of await findTenantsToCount(system)) {
      const countSome = () => system.write((queries) => countUsage(system.scope(queries, tenantId)));
      while (!signal.aborted && (await countSome()));
    }
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
