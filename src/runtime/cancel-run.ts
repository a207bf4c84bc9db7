import { toTimestamp } from "#base/clock.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import { type RunEnd, storeEnd, toEndEvent } from "#runtime/end-run.ts";
import type { Usage } from "#runtime/run-schema.ts";
import { lockSessionById } from "#runtime/session-store.ts";
import { insertEvents, type NumberedEvent } from "#runtime/write-events.ts";

export type CancelOutcome =
  /** It had ended before. */
  | { readonly kind: "ended" }
  /** Its owner will end it. */
  | { readonly kind: "asked" }
  /** It waited for its session and ended here and now. */
  | { readonly kind: "cancelled"; readonly events: readonly NumberedEvent[] };

/** Owns a run whose lease was given back, until somebody takes it up. */
const NOBODY = "";

/** Notes that a run shall stop. A run that still waits for its session has no owner at work, and ends at once. */
export async function cancelRun(db: TenantDatabase, runId: string, reason: string, now: Date): Promise<CancelOutcome> {
  return db.write(async (queries): Promise<CancelOutcome> => {
    const found = await queries.selectFrom("runs").select("session_id").where("id", "=", runId).executeTakeFirst();
    if (!found) return { kind: "ended" };
    const session = await lockSessionById(queries, found.session_id);
    const run = await queries
      .updateTable("runs")
      .set((row) => ({ cancel_reason: reason, lease_owner: row.fn.coalesce("lease_owner", row.val(NOBODY)) }))
      .where("id", "=", runId)
      .where("ended_at", "is", null)
      .returning(["status", "attempt", "lease_owner", "last_seq", "usage", "cost"])
      .executeTakeFirst();
    if (!run) return { kind: "ended" };
    if (run.status !== "queued" || session?.active_run_id === runId) return { kind: "asked" };

    // Its lease is its acceptor's, which nobody works under yet.
    const lease = { runId, attempt: run.attempt, owner: run.lease_owner ?? NOBODY };
    const end: RunEnd = { status: "cancelled", reason };
    const totals = { usage: fromJson<Usage>(run.usage), cost: run.cost };
    const at = toTimestamp(now);
    const seq = run.last_seq + 1;
    await storeEnd(queries, lease, seq, end, totals, at);
    return { kind: "cancelled", events: await insertEvents(queries, runId, seq, [toEndEvent(end, totals)], at) };
  });
}

/** The runs of an agent that have not ended. */
export const openRunsOf = (queries: TenantQueries, agentId: string) =>
  queries.selectFrom("runs").select("id").where("agent_id", "=", agentId).where("ended_at", "is", null);
