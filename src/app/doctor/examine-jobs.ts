import { ok, warning } from "#app/doctor/finding.ts";
import { systemClock } from "#base/clock.ts";
import type { Finding } from "#core/findings.ts";
import { JobStore } from "#core/jobs/job-store.ts";
import type { Database } from "#db/database.ts";

/** A due job waits no longer than this while a gateway works. In seconds. */
const LONG_DUE_SECONDS = 300;

/** Reports the depth of the job queue, and the jobs that failed at every attempt. */
export async function examineJobs(database: Database): Promise<Finding> {
  const system = database.system("the doctor looks at the jobs of all tenants");
  const { waiting, dead, oldestDueSeconds } = await new JobStore(system, "doctor", systemClock).count();
  if (dead > 0) {
    const last = await system.read
      .selectFrom("jobs")
      .select(["name", "error"])
      .where("dead_at", "is not", null)
      .orderBy("dead_at", "desc")
      .limit(1)
      .executeTakeFirst();
    const text = `${dead} failed at every attempt, most recently ${last?.name}: ${last?.error}`;
    return warning(
      "jobs",
      text,
      "They are not tried again and are deleted after 30 days; the log says when they failed.",
    );
  }
  if (oldestDueSeconds > LONG_DUE_SECONDS) {
    const minutes = Math.round(oldestDueSeconds / 60);
    return warning("jobs", `the oldest has been due for ${minutes} minutes`, "Start the gateway: it works on them.");
  }
  return ok("jobs", `${waiting} scheduled, none has failed`);
}
