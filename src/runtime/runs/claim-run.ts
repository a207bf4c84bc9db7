import { toTimestamp } from "#base/clock.ts";
import type { TenantDatabase } from "#db/database.ts";
import { prepareWrite } from "#db/prepared-query.ts";
import type { RunsTable } from "#db/run-tables.ts";
import { leaseEnd } from "#runtime/runs/lease.ts";
import type { StoredRunEvent } from "#runtime/runs/run-events.ts";
import { insertEvents, type NumberedEvent } from "#runtime/runs/write-events.ts";

export type RunRow = Omit<RunsTable, "tenant_id">;

export interface Claim {
  readonly run: RunRow;
  readonly events: readonly NumberedEvent[];
}

interface ClaimValues {
  readonly runId: string;
  readonly owner: string;
  readonly at: string;
}

const claim = prepareWrite<ClaimValues, RunRow>((queries, { runId, owner, at }) =>
  queries
    .updateTable("runs")
    .set((row) => ({
      status: "running",
      attempt: row("attempt", "+", 1),
      lease_until: leaseEnd(queries.dialect),
      last_seq: row("last_seq", "+", 1),
      started_at: row.fn.coalesce("started_at", row.val(at)),
    }))
    .where("id", "=", runId)
    .where("lease_owner", "=", owner)
    .where("ended_at", "is", null)
    .returningAll(),
);

/** Begins an attempt at a run that this process owns. Returns undefined if the run has ended or has another owner. */
export async function claimRun(
  db: TenantDatabase,
  runId: string,
  owner: string,
  now: Date,
): Promise<Claim | undefined> {
  return db.write(async (queries) => {
    const at = toTimestamp(now);
    const [run] = await claim(queries, { runId, owner, at });
    if (!run) return undefined;
    const event: StoredRunEvent = { type: "run.started", attempt: run.attempt };
    return { run, events: await insertEvents(queries, runId, run.last_seq, [event], at) };
  });
}
