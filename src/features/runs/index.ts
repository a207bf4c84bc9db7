export { attachRun } from "#features/runs/attach-run.ts";
export { runFeature } from "#features/runs/feature.ts";
export { modelHeader } from "#features/runs/model-header.ts";
export { type RunUser, readOnBusy, requireSessionKey, runUser } from "#features/runs/run-user.ts";
