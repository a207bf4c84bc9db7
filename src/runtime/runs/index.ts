// Runs as stored: accepting, claiming, leases, the journal of one attempt, ending, cancelling and adopting.
// Owns the tables `runs`, `run_events`, `run_inputs`, `usage_records` and `spans`.

export { acceptRun } from "#runtime/runs/accept-run.ts";
export {
  adoptOrphans,
  findReadyRuns,
  findRunState,
  type RunReference,
  type RunState,
} from "#runtime/runs/adopt-orphans.ts";
export { cancelRun, openRunsOf } from "#runtime/runs/cancel-run.ts";
export { claimRun, type RunRow } from "#runtime/runs/claim-run.ts";
export { deleteOldEvents, deleteRunTexts } from "#runtime/runs/deletion/delete-run-texts.ts";
export { endUnnamedSessions } from "#runtime/runs/deletion/end-unnamed-sessions.ts";
export { forgetRun } from "#runtime/runs/deletion/forget-run.ts";
export type { EndedRun, RunEnd, RunEndHook, RunTotals } from "#runtime/runs/end-run.ts";
export { runCancelRequested, runEnded, runEvents, runStarted } from "#runtime/runs/events.ts";
export { type EndOutcome, Journal, type StoredTurn } from "#runtime/runs/journal.ts";
export { expireEarlierLeases, LeaseLostError, releaseLeases, renewLeases } from "#runtime/runs/lease.ts";
export { deleteOldSpans, insertSpans, type SpanRow } from "#runtime/runs/records/span-store.ts";
export {
  parseTraceParent,
  spanIdOf,
  type TraceContext,
  type TracedRun,
  toTraceHeaders,
  traceContextOf,
} from "#runtime/runs/records/trace-context.ts";
export {
  findTenantsToCount,
  lockUncounted,
  lockUncountedOf,
  markCounted,
  type Uncounted,
} from "#runtime/runs/records/uncounted.ts";
export { insertUsage, NO_RUN, sumUsage, type UsageRecord } from "#runtime/runs/records/usage-store.ts";
export type { RunCaller } from "#runtime/runs/run-caller.ts";
export { fromAppError, type RunError, runError, toAppError } from "#runtime/runs/run-error.ts";
export {
  type AnsweredBy,
  type Cursor,
  type DeltaEvent,
  type FollowedEvent,
  formatCursor,
  isTerminal,
  type ProgressEvent,
  parseCursor,
  type RunEvent,
  type Sequenced,
  START,
  type ToolProgress,
} from "#runtime/runs/run-events.ts";
export type { Accepted, BegunRun, RunAllowance, RunOptions, RunRequest } from "#runtime/runs/run-request.ts";
export { addUsage, NO_USAGE, OnBusy, Run, RunFinish, RunKind, RunStatus, Usage } from "#runtime/runs/run-schema.ts";
export {
  type AgentSource,
  agentSource,
  type CompactionSettings,
  type FallbackSettings,
  type MemorySettings,
  type RunDraft,
  type RunnableAgent,
  type WorkspaceSharing,
} from "#runtime/runs/runnable-agent.ts";
export {
  type NumberedEvent,
  readEvents,
  readLastMessageEvent,
  readTimedEvents,
  type TimedEvent,
} from "#runtime/runs/write-events.ts";
