import type { SystemDatabase } from "#db/database.ts";
import type { LiveRuns } from "#runtime/live/index.ts";
import { renewLeases } from "#runtime/runs/index.ts";

export interface LeaseHolder {
  readonly system: SystemDatabase;
  readonly owner: string;
  readonly live: LiveRuns;
  /** Lets go of a run that this process no longer owns. */
  readonly drop: (runId: string, reason: string) => void;
}

/**
 * Renews the leases of the runs in memory only, so other processes can take a released run when its lease expires. Stops
 * runs that another node was asked to cancel, and lets go of those that another node deleted, ended or took.
 */
export async function keepLeases({ system, owner, live, drop }: LeaseHolder): Promise<void> {
  const mine = live.all.map(({ runId }) => runId);
  const held = new Map((await renewLeases(system, owner, mine)).map((run) => [run.id, run]));
  for (const runId of mine) {
    const run = held.get(runId);
    if (!run) drop(runId, "another process has it");
    else if (run.cancel_reason !== null) live.find(runId)?.stop({ kind: "cancelled", reason: run.cancel_reason });
  }
}
