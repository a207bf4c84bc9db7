// Runs in memory while they are in progress: the growing text, and followers that read from any cursor.

export { followRun, snapshotRun } from "#runtime/live/follow-run.ts";
export { LiveRun, type RunStop } from "#runtime/live/live-run.ts";
export { LiveRuns } from "#runtime/live/live-runs.ts";
