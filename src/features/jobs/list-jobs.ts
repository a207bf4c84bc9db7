import type { Context } from "#core/context.ts";
import type { JobsTable } from "#db/core/core-tables.ts";
import type { Job, ListJobsInput } from "#features/jobs/schema.ts";

/** Lists the jobs of the tenant: the dead ones first, then by when they are due. */
export async function listJobs(ctx: Context, { state, limit, offset }: ListJobsInput) {
  const jobs = ctx.db.read
    .selectFrom("jobs")
    .$if(state === "dead", (query) => query.where("dead_at", "is not", null))
    .$if(state === "running", (query) => query.where("lease_owner", "is not", null))
    .$if(state === "scheduled", (query) => query.where("dead_at", "is", null).where("lease_owner", "is", null));
  const [rows, { total }] = await Promise.all([
    jobs
      .selectAll()
      .orderBy((row) => row.case().when("dead_at", "is", null).then(1).else(0).end())
      .orderBy("run_at")
      .orderBy("id")
      .limit(limit)
      .offset(offset)
      .execute(),
    jobs.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
  ]);
  return { jobs: rows.map(toJob), total: Number(total), limit, offset };
}

export const toJob = ({ id, name, attempt, max_attempts, error, ...row }: JobsTable): Job => ({
  ...{ id, name, attempt, max_attempts },
  state: row.dead_at !== null ? "dead" : row.lease_owner !== null ? "running" : "scheduled",
  ...(error !== null && { error }),
  run_at: row.run_at,
  ...(row.dead_at !== null && { dead_at: row.dead_at }),
  created_at: row.created_at,
});
