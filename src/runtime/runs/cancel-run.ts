import { toTimestamp } from "#base/clock.ts";
import type { EventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import type { RunRow } from "#runtime/runs/claim-run.ts";
import { endRun, type RunEnd, type RunEndHook } from "#runtime/runs/end-run.ts";
import { runCancelRequested } from "#runtime/runs/events.ts";
import type { Usage } from "#runtime/runs/run-schema.ts";
import type { NumberedEvent } from "#runtime/runs/write-events.ts";
import { lockSessionById } from "#runtime/transcript/index.ts";

export type CancelOutcome =
  /** The run had already ended. */
  | { readonly kind: "ended" }
  /** The request is stored. The run's owner will end it. */
  | { readonly kind: "requested" }
  /** The run was waiting for its session and has ended now. */
  | {
      readonly kind: "cancelled";
      readonly run: RunRow;
      readonly end: RunEnd;
      readonly events: readonly NumberedEvent[];
    };

export interface Cancellation {
  readonly runId: string;
  readonly reason: string;
  readonly now: Date;
  readonly onEnd: RunEndHook;
  /** Tells the node that works on the run. */
  readonly events: EventBus;
}

/** Stands in for the owner of a run whose lease was released. */
const NO_OWNER = "";

/** Requests that a run stops. A run that waits for its session has no worker, so it ends at once. */
export async function cancelRun(
  db: TenantDatabase,
  { runId, reason, now, onEnd, events: bus }: Cancellation,
): Promise<CancelOutcome> {
  return db.write(async (queries): Promise<CancelOutcome> => {
    const found = await queries.selectFrom("runs").select("session_id").where("id", "=", runId).executeTakeFirst();
    if (!found) return { kind: "ended" };
    const session = await lockSessionById(queries, found.session_id);
    const run = await queries
      .updateTable("runs")
      .set((row) => ({ cancel_reason: reason, lease_owner: row.fn.coalesce("lease_owner", row.val(NO_OWNER)) }))
      .where("id", "=", runId)
      .where("ended_at", "is", null)
      .returningAll()
      .executeTakeFirst();
    if (!run) return { kind: "ended" };
    const event = { tenantId: db.tenantId, entityId: runId, userId: run.user_id, payload: { reason } };
    await bus.share(queries, runCancelRequested, event);
    if (run.status !== "queued" || session?.active_run_id === runId) return { kind: "requested" };

    // The lease belongs to the process that accepted the run. No attempt uses it yet.
    const lease = { runId, attempt: run.attempt, owner: run.lease_owner ?? NO_OWNER };
    const end: RunEnd = { status: "cancelled", reason };
    const totals = { usage: fromJson<Usage>(run.usage), cost: run.cost, toolCalls: run.tool_calls };
    const ended = { run, end, sessionLabel: undefined };
    const at = toTimestamp(now);
    const events = await endRun(queries, {
      ...ended,
      lease,
      totals,
      answeredBy: undefined,
      lastSeq: run.last_seq,
      events: [],
      now: at,
      onEnd,
    });
    return { kind: "cancelled", run, end, events };
  });
}

/** Selects the open runs of an agent. */
export const openRunsOf = (queries: TenantReads, agentId: string) =>
  queries.selectFrom("runs").select("id").where("agent_id", "=", agentId).where("ended_at", "is", null);
