import { Gauge, type Registry } from "prom-client";
import type { JobCounts, JobQueue } from "#core/jobs/job-queue.ts";

/** Adds gauges for the depth and the age of the job queue. They are read at each request of `/metrics`. */
export function registerJobMetrics(registry: Registry, queue: Pick<JobQueue, "count">): void {
  const registers = [registry];
  const add = (name: string, help: string, read: (counts: JobCounts) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(read(await queue.count()));
      },
    });
  add("goclaw_jobs_waiting", "Jobs that are due, scheduled or running", ({ waiting }) => waiting);
  add("goclaw_jobs_dead", "Jobs that failed at every attempt", ({ dead }) => dead);
  add("goclaw_jobs_oldest_due_seconds", "Age of the oldest due job", ({ oldestDueSeconds }) => oldestDueSeconds);
}
