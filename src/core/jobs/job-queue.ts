import type { z } from "zod";
import type { JsonObject } from "#base/json.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

export interface NewJob {
  /** The name of the handler. */
  readonly name: string;
  /**
   * Makes the job single: a tenant has at most one live job with this name and key. If that job is waiting, enqueuing
   * replaces its payload. If it is running, it runs once more afterwards.
   */
  readonly key?: string;
  readonly payload: JsonObject;
  /** Now if absent. */
  readonly runAt?: Date;
  /** After so many failed attempts the job is dead: it keeps its error and does not run again. */
  readonly maxAttempts: number;
}

/** One attempt at a job. */
export interface JobAttempt<Payload> {
  readonly db: TenantDatabase;
  readonly payload: Payload;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborts when the gateway stops. The job is then left for the next start, and the attempt does not count. */
  readonly signal: AbortSignal;
}

export interface JobHandler<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: Schema;
  /** Makes the job recurring: it runs at the first start and then after each pause of this length, in milliseconds. */
  readonly every?: number;
  /** May run more than once for a job, because a process can die after the effect. A throw is a failed attempt. */
  run(attempt: JobAttempt<z.output<Schema>>): Promise<void>;
}

/** Keeps the precise payload type of one handler. */
export const defineJob = <Schema extends z.ZodType>(handler: JobHandler<Schema>): JobHandler => handler as JobHandler;

export interface JobCounts {
  /** Jobs that are due or scheduled, those at work included. */
  readonly waiting: number;
  readonly dead: number;
  /** How long the oldest due job has been due, in seconds. 0 if none is. */
  readonly oldestDueSeconds: number;
}

/** Background work that survives the process: at least once, under a lease, with retries. */
export interface JobQueue {
  /** Adds a job in the transaction of its cause. Without the commit there is no job. */
  enqueue(queries: TenantQueries, job: NewJob): Promise<void>;
  /** Begins to work. Jobs whose name has no handler wait for a process that has one. */
  start(handlers: readonly JobHandler[]): Promise<void>;
  /** Works on everything that is due, and resolves when it is done. */
  work(): Promise<void>;
  count(): Promise<JobCounts>;
  /** Aborts running attempts and releases their jobs. */
  stop(): Promise<void>;
}

export const jobQueue = defineService<JobQueue>("job-queue");
