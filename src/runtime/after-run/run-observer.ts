import { z } from "zod";
import type { Clock } from "#base/clock.ts";
import { defineJob, type JobHandler, type JobQueue } from "#core/jobs/job-queue.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { EndedRun, RunEndHook } from "#runtime/runs/index.ts";

/** A reference to an ended run, as an observer receives it. */
export interface ObservedRun {
  readonly db: TenantDatabase;
  readonly runId: string;
  /** Aborts when the gateway stops. The observer is called again after the next start. */
  readonly signal: AbortSignal;
}

/** Work that follows the end of a run. */
export interface RunObserver {
  /** Unique, such as `session-title`. */
  readonly name: string;
  /** How long after the end it is called, in milliseconds. By default, at once. */
  readonly delayMs?: number;
  /**
   * Returns true if the observer wants this end. It must decide from memory, because it runs in the end's transaction.
   */
  wants(ended: EndedRun): boolean;
  /** Called at least once after the end is committed. It must be idempotent. */
  observe(run: ObservedRun): Promise<void>;
}

const MAX_ATTEMPTS = 3;
const Payload = z.object({ run_id: z.string() });

const jobNameOf = ({ name }: RunObserver): string => `after-run.${name}`;

/** Creates the hook that enqueues a job for every observer that wants an end, in the transaction of that end. */
export const createRunEndHook =
  (observers: readonly RunObserver[], jobs: Pick<JobQueue, "enqueue">, clock: Clock): RunEndHook =>
  async (queries, ended) => {
    for (const observer of observers) {
      if (!observer.wants(ended)) continue;
      const { id } = ended.run;
      await jobs.enqueue(queries, {
        name: jobNameOf(observer),
        key: id,
        payload: { run_id: id },
        maxAttempts: MAX_ATTEMPTS,
        runAt: new Date(clock.now().getTime() + (observer.delayMs ?? 0)),
      });
    }
  };

/** Returns the handlers of the jobs that call the observers. */
export const toObserverJobs = (observers: readonly RunObserver[]): readonly JobHandler[] =>
  observers.map((observer) =>
    defineJob({
      name: jobNameOf(observer),
      payload: Payload,
      run: ({ db, payload, signal }) => observer.observe({ db, runId: payload.run_id, signal }),
    }),
  );
