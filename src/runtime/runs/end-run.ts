import type { Expression, SqlBool } from "kysely";
import { prepareChange, prepareRead, prepareWrite } from "#db/prepared-query.ts";
import type { RunsTable } from "#db/run-tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import type { RunRow } from "#runtime/runs/claim-run.ts";
import { type Lease, leaseLost } from "#runtime/runs/lease.ts";
import type { RunError } from "#runtime/runs/run-error.ts";
import type { AnsweredBy, StoredRunEvent } from "#runtime/runs/run-events.ts";
import { consumeInputs, waitingInputs } from "#runtime/runs/run-inputs.ts";
import type { RunFinish, Usage } from "#runtime/runs/run-schema.ts";
import { insertEvents, type NumberedEvent } from "#runtime/runs/write-events.ts";
import {
  closeOpenCalls,
  growSession,
  type HeldSession,
  joinTranscript,
  lockSessionById,
  type NewMessage,
  passSession,
  type SessionGrowth,
} from "#runtime/transcript/index.ts";

/** The end of a run, with its output or its error. */
export type RunEnd =
  | { readonly status: "completed"; readonly finish: RunFinish; readonly output: string }
  | { readonly status: "failed"; readonly error: RunError; readonly output?: string | undefined }
  | { readonly status: "cancelled"; readonly reason: string; readonly output?: string | undefined };

export interface RunTotals {
  readonly usage: Usage;
  /** US dollars. */
  readonly cost: number;
  /** Calls of the gateway's own tools. */
  readonly toolCalls: number;
}

/** A run at its end. `run` is the row as it was when the attempt began. */
export interface EndedRun {
  readonly run: RunRow;
  readonly end: RunEnd;
  /** The label of its session. Undefined if the run ended before it read its session. */
  readonly sessionLabel: string | undefined;
}

/** Runs in the transaction of every run's end. It may await only its own queries. */
export type RunEndHook = (queries: TenantQueries, ended: EndedRun) => Promise<void>;

export interface Ending extends EndedRun {
  readonly lease: Lease;
  readonly totals: RunTotals;
  readonly answeredBy: AnsweredBy | undefined;
  /** The number of the run's last event so far. */
  readonly lastSeq: number;
  /** The events that the transaction stores before the event of the end. */
  readonly events: readonly StoredRunEvent[];
  readonly now: string;
  readonly onEnd: RunEndHook;
}

interface EndValues extends Lease {
  readonly lastSeq: number;
  readonly status: string;
  readonly finish: string | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly usage: string;
  readonly cost: number;
  readonly answeredBy: string | null;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly durationMs: number;
  readonly at: string;
}

const storeEnd = prepareChange<EndValues>((queries, slots) =>
  queries
    .updateTable("runs")
    .set({
      status: slots.status,
      finish: slots.finish,
      output: slots.output,
      error: slots.error,
      usage: slots.usage,
      cost: slots.cost,
      answered_by: slots.answeredBy,
      tool_calls: slots.toolCalls,
      input_tokens: slots.inputTokens,
      output_tokens: slots.outputTokens,
      duration_ms: slots.durationMs,
      lease_owner: null,
      lease_until: null,
      ended_at: slots.at,
      last_seq: slots.lastSeq,
    })
    .where("id", "=", slots.runId)
    .where("attempt", "=", slots.attempt)
    .where("lease_owner", "=", slots.owner)
    .where("ended_at", "is", null),
);

/**
 * Stores the end of a run with its event, and calls the hook. Every run ends here. It is the last fence: all later
 * writes of the run are refused. Throws `LeaseLostError` if the attempt is over.
 */
export async function endRun(queries: TenantQueries, ending: Ending): Promise<readonly NumberedEvent[]> {
  const { lease, end, totals, answeredBy, now } = ending;
  const events = [...ending.events, toEndEvent(end, totals)];
  const lastSeq = ending.lastSeq + events.length;
  const changed = await storeEnd(queries, {
    ...lease,
    lastSeq,
    status: end.status,
    finish: end.status === "completed" ? end.finish : null,
    output: end.output ?? null,
    error: end.status === "failed" ? toJson(end.error) : null,
    usage: toJson(totals.usage),
    cost: totals.cost,
    answeredBy: answeredBy ? toJson(answeredBy) : null,
    toolCalls: totals.toolCalls,
    inputTokens: totals.usage.input_tokens,
    outputTokens: totals.usage.output_tokens,
    // The clock may have been set back meanwhile.
    durationMs: Math.max(0, Date.parse(now) - Date.parse(ending.run.created_at)),
    at: now,
  });
  if (changed === 0) throw leaseLost(lease);
  await ending.onEnd(queries, ending);
  return insertEvents(queries, lease.runId, lastSeq, events, now);
}

function toEndEvent(end: RunEnd, { usage }: RunTotals): StoredRunEvent {
  switch (end.status) {
    case "completed":
      return { type: "run.completed", finish: end.finish, usage };
    case "failed":
      return { type: "run.failed", error: end.error, usage };
    case "cancelled":
      return { type: "run.cancelled", reason: end.reason, usage };
  }
}

/** The session that an ending run releases. */
export interface Release {
  readonly runId: string;
  readonly session: HeldSession | undefined;
  /** The growth of the session by the run's last turn. */
  readonly growth: SessionGrowth | undefined;
  /** True if another run waits for the session. */
  readonly isAwaited: boolean;
}

/**
 * Releases the session and adds the run's last turn to it. The caller holds the session's lock. Tool calls without a
 * result get a stand-in. The next waiting run takes the session over, and its id is returned. A run that completes has
 * no open calls and no waiting inputs.
 */
export async function releaseSession(
  queries: TenantQueries,
  { runId, session, growth, isAwaited }: Release,
  { status }: RunEnd,
  now: string,
): Promise<string | undefined> {
  if (!session) return undefined;
  const isActive = session.active_run_id === runId;
  if (status === "completed" && isActive) {
    if (isAwaited) return promoteNext(queries, session.id, runId, growth, now);
    await passSession(queries, session.id, growth, null, now);
    return undefined;
  }

  if (growth) await growSession(queries, session.id, growth, now);
  if (!isActive) return undefined;
  await closeOpenCalls(queries, session.id, runId, now);
  await consumeInputs(queries, session.id, runId, now);
  return promoteNext(queries, session.id, runId, undefined, now);
}

type NextValues = Pick<Lease, "runId"> & { readonly sessionId: string };

/** The facts that decide how a run may end. */
export interface EndConditions {
  readonly lastSeq: number;
  /** True if messages wait to steer the run. */
  readonly isSteered: boolean;
  /** True if other runs wait for its session. */
  readonly isAwaited: boolean;
}

const endConditions = prepareWrite<NextValues, { last_seq: number; is_steered: SqlBool; is_awaited: SqlBool }>(
  (queries, { sessionId, runId }) =>
    queries
      .selectForUpdate("runs")
      .select(({ exists }) => [
        "last_seq",
        exists(waitingInputs(queries, runId).select("id")).as("is_steered"),
        exists(queuedRuns(queries, sessionId, runId).select("id")).as("is_awaited"),
      ])
      .where("id", "=", runId),
);

/**
 * Locks the run and reads its end conditions. The caller holds the session's lock. Throws `LeaseLostError` if it is
 * gone.
 */
export async function lockForEnd(queries: TenantQueries, lease: Lease, sessionId: string): Promise<EndConditions> {
  const [row] = await endConditions(queries, { sessionId, runId: lease.runId });
  if (!row) throw leaseLost(lease);
  return { lastSeq: row.last_seq, isSteered: Boolean(row.is_steered), isAwaited: Boolean(row.is_awaited) };
}

const queuedRuns = (queries: TenantReads, sessionId: Expression<string>, runId: Expression<string>) =>
  queries
    .selectFrom("runs")
    .where("session_id", "=", sessionId)
    .where("ended_at", "is", null)
    .where("status", "=", "queued")
    .where("id", "<>", runId);

const nextRun = prepareRead<NextValues, Pick<RunsTable, "id" | "pending_input">>((queries, { sessionId, runId }) =>
  queuedRuns(queries, sessionId, runId)
    .select(["id", "pending_input"])
    .orderBy("queue_priority", "desc")
    .orderBy("id")
    .limit(1),
);

/** Gives the session to the next run: an interrupting one first, then the one that has waited longest. */
async function promoteNext(
  queries: TenantQueries,
  sessionId: string,
  runId: string,
  growth: SessionGrowth | undefined,
  now: string,
): Promise<string | undefined> {
  const [next] = await nextRun(queries, { sessionId, runId });
  await passSession(queries, sessionId, growth, next?.id ?? null, now);
  if (!next) return undefined;
  const session = await lockSessionById(queries, sessionId);
  if (session && next.pending_input !== null) {
    const stored = await joinTranscript(queries, session, fromJson<NewMessage[]>(next.pending_input), now);
    const begun = { pending_input: null, input_message_id: stored.at(-1)?.id ?? null };
    await queries.updateTable("runs").set(begun).where("id", "=", next.id).execute();
  }
  return next.id;
}
