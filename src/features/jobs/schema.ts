import { z } from "zod";
import { pageFields, pageOf, Timestamp } from "#core/wire.ts";

const STATES = ["scheduled", "running", "dead"] as const;

/** Work in the background, as operators see it. What it works with is not shown, because it may hold texts of people. */
export const Job = z
  .object({
    id: z.string(),
    name: z.string().describe("What it does"),
    state: z.enum(STATES).describe("`dead`: it failed at every attempt and is not tried again by itself"),
    attempt: z.int().describe("How often it was tried"),
    max_attempts: z.int(),
    error: z.string().optional().describe("Why the last attempt failed"),
    run_at: Timestamp.describe("When it is due"),
    dead_at: Timestamp.optional(),
    created_at: Timestamp,
  })
  .meta({ id: "Job" });
export type Job = z.infer<typeof Job>;

export const JobPage = pageOf("jobs", Job).meta({ id: "JobPage" });
export const ListJobsInput = z.object({ state: z.enum(STATES).optional(), ...pageFields });
export type ListJobsInput = z.infer<typeof ListJobsInput>;
export const JobPath = z.object({ id: z.string().describe("The job's id") });
