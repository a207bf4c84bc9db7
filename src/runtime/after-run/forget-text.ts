import { MINUTE } from "#base/clock.ts";
import { fromJson } from "#db/values.ts";
import type { RunObserver } from "#runtime/after-run/run-observer.ts";
import { forgetRun, type RunOptions } from "#runtime/runs/index.ts";

/**
 * Deletes the texts of runs whose callers asked for that. The caller's own request does it first. This makes sure of it
 * when that request broke off, and comes later so that a follower in another process can read to the end.
 */
export const createTextForgetter = (): RunObserver => ({
  name: "forget-text",
  delayMs: 1 * MINUTE,
  wants: ({ run }) => fromJson<RunOptions>(run.options).forgetsText === true,
  observe: ({ db, runId }) => forgetRun(db, runId),
});
