export { attachRun, releaseKeyOnFailure } from "#features/runs/attach-run.ts";
export { runFeature } from "#features/runs/feature.ts";
export { toAnswer } from "#features/runs/live/agent-events.ts";
export { createRunFeed } from "#features/runs/live/create-run-feed.ts";
export { modelHeader } from "#features/runs/start/model-header.ts";
export { type RunUser, readOnBusy, requireSessionKey, runUser } from "#features/runs/start/run-user.ts";
export { toRunRequest, userMessage } from "#features/runs/start/start-run.ts";
