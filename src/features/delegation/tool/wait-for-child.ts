import type { TenantDatabase } from "#db/database.ts";
import type { TaskDependencies } from "#features/delegation/tool/start-task.ts";
import { START } from "#runtime/runs/index.ts";

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Aborts when the waiting run has to stop. */
  readonly signal: AbortSignal;
  /** True if the task goes on when nobody waits for it any more. */
  readonly leavesIt?: boolean;
}

/**
 * Waits for the end of the run of a task. Cancels that run after the time and when the waiting run is cancelled, unless
 * `leavesIt`. A gateway that stops leaves it alone, because the waiting run comes back for it.
 */
export async function waitForChild(
  { engine }: TaskDependencies,
  db: TenantDatabase,
  runId: string,
  { timeoutMs, signal, leavesIt = false }: WaitOptions,
): Promise<void> {
  const late = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([late, signal]);
  try {
    for await (const { event } of engine().follow(db, runId, START, either)) if (ENDS.has(event.type)) return;
  } catch (thrown) {
    if (!either.aborted) throw thrown;
  }
  if (leavesIt) return signal.throwIfAborted();
  if (!signal.aborted) {
    await engine().cancel(db, runId, "it took too long for the run that waited for it");
    return untilEnded(db, runId, signal);
  }
  if (!isDrained(signal)) await engine().cancel(db, runId, "the run that waited for it was stopped");
  throw signal.reason;
}

const ENDS: ReadonlySet<string> = new Set(["run.completed", "run.failed", "run.cancelled"]);

/** A cancelled run ends at its next step. */
async function untilEnded(db: TenantDatabase, runId: string, signal: AbortSignal): Promise<void> {
  const open = db.read.selectFrom("delegations").select("id").where("child_run_id", "=", runId);
  while (!signal.aborted && (await open.where("status", "=", "running").executeTakeFirst())) await Bun.sleep(PAUSE_MS);
}

const PAUSE_MS = 50;

const isDrained = ({ reason }: AbortSignal): boolean =>
  typeof reason === "object" && reason !== null && "kind" in reason && reason.kind === "drained";
