import { z } from "zod";

const days = (usual: number, what: string) =>
  z.int().min(0).max(36_500).default(usual).describe(`Days that ${what} are kept; 0 keeps them.`);

/** How long records stay. What an open run needs stays in any case. */
export const Retention = z.object({
  traces_days: days(90, "the steps of traces, with their texts"),
  activity_days: days(0, "entries of the activity log"),
  events_days: days(30, "the events of runs that have ended"),
  media_days: days(0, "uploads"),
  jobs_days: days(30, "jobs that have failed for good"),
});
