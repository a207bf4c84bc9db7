import { type Clock, toTimestamp } from "#base/clock.ts";
import type { JobsTable } from "#db/core/core-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";

/**
 * Makes a dead job of the tenant due again, with all of its attempts. Returns undefined if there is no such dead job, and
 * `taken` if a live job has its name and key.
 */
export async function reviveJob(
  queries: TenantQueries,
  id: string,
  clock: Clock,
): Promise<JobsTable | "taken" | undefined> {
  const job = await queries
    .selectForUpdate("jobs")
    .selectAll()
    .where("id", "=", id)
    .where("dead_at", "is not", null)
    .executeTakeFirst();
  if (!job) return undefined;
  const live = await queries
    .selectFrom("jobs")
    .select("id")
    .where("name", "=", job.name)
    .where("key", "=", job.key ?? "")
    .where("dead_at", "is", null)
    .executeTakeFirst();
  if (job.key !== null && live) return "taken";
  const revived = { dead_at: null, attempt: 0, must_repeat: toBit(false), run_at: toTimestamp(clock.now()) };
  await queries.updateTable("jobs").set(revived).where("id", "=", id).execute();
  return { ...job, ...revived };
}
