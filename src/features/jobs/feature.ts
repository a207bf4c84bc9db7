import { z } from "zod";
import { failedPrecondition, notFound } from "#base/errors.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineEvent } from "#core/events/events.ts";
import { reviveJob } from "#core/jobs/revive-job.ts";
import { mutate } from "#core/mutate.ts";
import { defineOperation } from "#core/operation.ts";
import { defineFeature } from "#features/define-feature.ts";
import { listJobs, toJob } from "#features/jobs/list-jobs.ts";
import { Job, JobPage, JobPath, ListJobsInput } from "#features/jobs/schema.ts";

const jobRetried = defineEvent({ type: "job.retried", entity: "job", payload: z.object({ name: z.string() }) });

const operations = [
  defineOperation({
    name: "jobs.list",
    http: { method: "GET", path: "/v1/jobs" },
    access: ACCESS.administer,
    summary: "List the work in the background, what failed first",
    description:
      "Of the tenant; those of the master tenant include the gateway's own. Dead jobs are deleted after 30 days.",
    input: ListJobsInput,
    output: JobPage,
    run: listJobs,
  }),
  defineOperation({
    name: "jobs.retry",
    http: { method: "POST", path: "/v1/jobs/{id}/retry" },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Try a dead job again",
    description: "It is due at once, with all of its attempts.",
    input: JobPath,
    output: Job,
    errors: ["NOT_FOUND", "FAILED_PRECONDITION"],
    audit: jobRetried,
    run: async (ctx, { id }) =>
      mutate(ctx, jobRetried, async (queries) => {
        const job = await reviveJob(queries, id, ctx.clock);
        if (!job) throw notFound("job", id);
        if (job === "taken") throw failedPrecondition("error.job_is_live", {}, "job_is_live");
        return { entityId: id, value: toJob(job), details: { name: job.name } };
      }),
  }),
];

export const jobFeature = defineFeature({ name: "jobs", operations, events: [jobRetried] });
