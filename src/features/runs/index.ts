export { attachRun } from "#features/runs/attach-run.ts";
export { runFeature } from "#features/runs/feature.ts";
export { readOnBusy, requireSessionKey, runUser } from "#features/runs/run-user.ts";
