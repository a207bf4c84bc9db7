export { attachRun } from "#features/runs/attach-run.ts";
export { runOperations } from "#features/runs/operations.ts";
export { readOnBusy, requireSessionKey, runUser } from "#features/runs/run-user.ts";
