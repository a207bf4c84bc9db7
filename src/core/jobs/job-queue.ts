import type { z } from "zod";
import type { JsonObject } from "#base/json.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

export interface NewJob {
  /** The name of the handler. */
  readonly name: string;
  /**
   * A tenant has at most one live job with the same name and key. Enqueuing replaces the payload of a waiting job. A
   * running job runs once more afterwards.
   */
  readonly key?: string;
  readonly payload: JsonObject;
  /** The earliest time of the first attempt. The default is now. */
  readonly runAt?: Date;
  /** A job that failed this many times is dead. It keeps its error and does not run again. */
  readonly maxAttempts: number;
}

/** Thrown by a handler that wants to run again at a certain time. The attempt does not count. */
export class PostponedError extends Error {
  override readonly name = "PostponedError";
  readonly until: Date;

  constructor(until: Date) {
    super("the job runs again later");
    this.until = until;
  }
}

/** One attempt at a job. */
export interface JobAttempt<Payload> {
  readonly db: TenantDatabase;
  readonly payload: Payload;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborts when the gateway stops. The job then runs after the next start, and the attempt does not count. */
  readonly signal: AbortSignal;
}

export interface JobHandler<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: Schema;
  /** The pause of a recurring job in milliseconds. It runs at the first start of a gateway and after every pause. */
  readonly every?: number;
  /** May run more than once for a job, because a process can die after the effect. A throw is a failed attempt. */
  run(attempt: JobAttempt<z.output<Schema>>): Promise<void>;
}

/** Keeps the precise payload type of one handler. */
export const defineJob = <Schema extends z.ZodType>(handler: JobHandler<Schema>): JobHandler => handler as JobHandler;

export interface JobCounts {
  /** Jobs that are due, scheduled or running. */
  readonly waiting: number;
  readonly dead: number;
  /** The time in seconds for which the oldest due job has been due. 0 if no job is due. */
  readonly oldestDueSeconds: number;
}

/** Background work that survives the process. A job runs at least once, under a lease and with retries. */
export interface JobQueue {
  /** Adds a job in the caller's transaction. A rollback removes the job too. */
  enqueue(queries: TenantQueries, job: NewJob): Promise<void>;
  /** Begins to work. A job without a handler waits for a process that has one. */
  start(handlers: readonly JobHandler[]): Promise<void>;
  /** Runs all due jobs and resolves when they have ended. */
  work(): Promise<void>;
  count(): Promise<JobCounts>;
  /** Aborts running attempts and releases their jobs. */
  stop(): Promise<void>;
}

export const jobQueue = defineService<JobQueue>("job-queue");
