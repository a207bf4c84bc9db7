import { toTimestamp } from "#base/clock.ts";
import type { TenantDatabase } from "#db/database.ts";
import { fromJson } from "#db/values.ts";
import { type RunEnd, toEndEvent, writeRunEnd } from "#runtime/end-run.ts";
import { OPEN_STATUSES, type Usage } from "#runtime/run-schema.ts";
import { lockSessionById } from "#runtime/session-store.ts";
import { insertEvents, type NumberedEvent } from "#runtime/write-events.ts";

export type CancelOutcome =
  /** It had ended before. */
  | { readonly kind: "ended" }
  /** Its owner will end it. */
  | { readonly kind: "asked" }
  /** It waited for its session and ended here and now. */
  | { readonly kind: "cancelled"; readonly events: readonly NumberedEvent[] };

/** Notes that a run shall stop. A run that still waits for its session has no owner at work, and ends at once. */
export async function cancelRun(db: TenantDatabase, runId: string, reason: string, now: Date): Promise<CancelOutcome> {
  return db.write(async (queries): Promise<CancelOutcome> => {
    const found = await queries.selectFrom("runs").select("session_id").where("id", "=", runId).executeTakeFirst();
    if (!found) return { kind: "ended" };
    const session = await lockSessionById(queries, found.session_id);
    const run = await queries
      .updateTable("runs")
      .set({ cancel_reason: reason })
      .where("id", "=", runId)
      .where("status", "in", OPEN_STATUSES)
      .returning(["status", "last_seq", "usage", "cost"])
      .executeTakeFirst();
    if (!run) return { kind: "ended" };
    if (run.status !== "queued" || session?.active_run_id === runId) return { kind: "asked" };

    const end: RunEnd = { status: "cancelled", reason };
    const totals = { usage: fromJson<Usage>(run.usage), cost: run.cost };
    await writeRunEnd(queries, runId, found.session_id, end, totals, now);
    const seq = run.last_seq + 1;
    await queries.updateTable("runs").set({ last_seq: seq }).where("id", "=", runId).execute();
    const events = await insertEvents(queries, runId, seq, [toEndEvent(end, totals)], toTimestamp(now));
    return { kind: "cancelled", events };
  });
}
