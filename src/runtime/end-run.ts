import type { SqlBool } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import { prepareChange, prepareQuery } from "#db/prepared-query.ts";
import type { RunsTable } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import { appendMessages, INTERRUPTED_RESULT, standInResult, toMessage } from "#runtime/append-messages.ts";
import { joinTranscript } from "#runtime/join-transcript.ts";
import { type Lease, leaseLost } from "#runtime/lease.ts";
import { type NewMessage, toolCallsOf } from "#runtime/message-parts.ts";
import type { RunError } from "#runtime/run-error.ts";
import type { StoredRunEvent } from "#runtime/run-events.ts";
import { consumeInputs, waitingInputs } from "#runtime/run-inputs.ts";
import type { RunFinish, Usage } from "#runtime/run-schema.ts";
import {
  growSession,
  type HeldSession,
  lockSessionById,
  passSession,
  type SessionGrowth,
} from "#runtime/session-store.ts";
import { readToolCalls, storeCallResult } from "#runtime/tool-call-store.ts";

/** How a run ends. */
export type RunEnd =
  | { readonly status: "completed"; readonly finish: RunFinish; readonly output: string }
  | { readonly status: "failed"; readonly error: RunError; readonly output?: string | undefined }
  | { readonly status: "cancelled"; readonly reason: string; readonly output?: string | undefined };

export interface RunTotals {
  readonly usage: Usage;
  readonly cost: number;
}

export function toEndEvent(end: RunEnd, { usage }: RunTotals): StoredRunEvent {
  switch (end.status) {
    case "completed":
      return { type: "run.completed", finish: end.finish, usage };
    case "failed":
      return { type: "run.failed", error: end.error, usage };
    case "cancelled":
      return { type: "run.cancelled", reason: end.reason, usage };
  }
}

interface EndValues extends Lease {
  readonly lastSeq: number;
  readonly status: string;
  readonly finish: string | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly usage: string;
  readonly cost: number;
  readonly at: string;
}

const endRun = prepareChange<EndValues>((queries, slots) =>
  queries
    .updateTable("runs")
    .set({
      status: slots.status,
      finish: slots.finish,
      output: slots.output,
      error: slots.error,
      usage: slots.usage,
      cost: slots.cost,
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

/** The fence that nothing passes afterwards: writes the run's end, `lastSeq` being the number of its last event. */
export async function storeEnd(
  queries: TenantQueries,
  lease: Lease,
  lastSeq: number,
  end: RunEnd,
  { usage, cost }: RunTotals,
  at: string,
): Promise<void> {
  const changed = await endRun(queries, {
    ...lease,
    lastSeq,
    status: end.status,
    finish: end.status === "completed" ? end.finish : null,
    output: end.output ?? null,
    error: end.status === "failed" ? toJson(end.error) : null,
    usage: toJson(usage),
    cost,
    at,
  });
  if (changed === 0) throw leaseLost(lease);
}

/** A session that its run lets go of. */
export interface Release {
  readonly runId: string;
  readonly session: HeldSession | undefined;
  /** What the run's last turn gained it. */
  readonly gained: SessionGrowth | undefined;
  /** Whether another run waits for it. */
  readonly isAwaited: boolean;
}

/**
 * Lets go of the session, whose lock the caller holds, and adds what the run's last turn gained it: calls that never got
 * a result get one that says so, and the session's next run takes over, its messages joining the transcript. Returns that
 * run's id. A run that completes has nothing left to read.
 */
export async function releaseSession(
  queries: TenantQueries,
  { runId, session, gained, isAwaited }: Release,
  { status }: RunEnd,
  now: Date,
): Promise<string | undefined> {
  if (!session) return undefined;
  const at = toTimestamp(now);
  const isActive = session.active_run_id === runId;
  if (status === "completed" && isActive) {
    if (isAwaited) return promoteNext(queries, session.id, runId, gained, at);
    await passSession(queries, session.id, gained, null, at);
    return undefined;
  }

  if (gained) await growSession(queries, session.id, gained, at);
  if (!isActive) return undefined;
  await closeOpenCalls(queries, session.id, runId, now);
  await consumeInputs(queries, session.id, runId, at);
  return promoteNext(queries, session.id, runId, undefined, at);
}

// A transcript whose last turn waits for results would refuse every later message.
async function closeOpenCalls(queries: TenantQueries, sessionId: string, runId: string, now: Date): Promise<void> {
  const session = await lockSessionById(queries, sessionId);
  if (!session || session.head_id === null) return;
  const row = await queries.selectFrom("messages").selectAll().where("id", "=", session.head_id).executeTakeFirst();
  if (!row || row.run_id !== runId || toolCallsOf(toMessage(row).parts).length === 0) return;
  const calls = await readToolCalls(queries, row.id);
  const results = calls.map((call) => call.result ?? standInResult(call, INTERRUPTED_RESULT));
  for (const call of calls) {
    const result = results.find(({ call_id }) => call_id === call.id);
    if (!call.result && result) await storeCallResult(queries, "unknown", result, now);
  }
  const at = toTimestamp(now);
  const head = { id: row.id, depth: row.depth };
  const message: NewMessage = { role: "tool", parts: results };
  const stored = await appendMessages(queries, head, [message], { sessionId: session.id, runId, now: at });
  await growSession(queries, session.id, { messages: stored }, at);
}

type NextValues = Pick<Lease, "runId"> & { readonly sessionId: string };

/** What a run has to know of itself to end. */
export interface Outlook {
  readonly lastSeq: number;
  /** Whether messages wait to steer it. */
  readonly isSteered: boolean;
  /** Whether other runs wait for its session. */
  readonly isAwaited: boolean;
}

const outlook = prepareQuery<NextValues, { last_seq: number; is_steered: SqlBool; is_awaited: SqlBool }>(
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

/** Also locks the run. The caller holds the session's lock. Throws when there is no such run any more. */
export async function lookBeforeEnd(queries: TenantQueries, lease: Lease, sessionId: string): Promise<Outlook> {
  const [row] = await outlook(queries, { sessionId, runId: lease.runId });
  if (!row) throw leaseLost(lease);
  return { lastSeq: row.last_seq, isSteered: Boolean(row.is_steered), isAwaited: Boolean(row.is_awaited) };
}

const queuedRuns = (queries: TenantQueries, sessionId: string, runId: string) =>
  queries
    .selectFrom("runs")
    .where("session_id", "=", sessionId)
    .where("ended_at", "is", null)
    .where("status", "=", "queued")
    .where("id", "<>", runId);

const nextRun = prepareQuery<NextValues, Pick<RunsTable, "id" | "pending_input">>((queries, { sessionId, runId }) =>
  queuedRuns(queries, sessionId, runId)
    .select(["id", "pending_input"])
    .orderBy("queue_priority", "desc")
    .orderBy("id")
    .limit(1),
);

/** Gives the session to the run that waited longest, after those that interrupt. */
async function promoteNext(
  queries: TenantQueries,
  sessionId: string,
  runId: string,
  gained: SessionGrowth | undefined,
  at: string,
): Promise<string | undefined> {
  const [next] = await nextRun(queries, { sessionId, runId });
  await passSession(queries, sessionId, gained, next?.id ?? null, at);
  if (!next) return undefined;
  const session = await lockSessionById(queries, sessionId);
  if (session && next.pending_input !== null) {
    await joinTranscript(queries, session, fromJson<NewMessage[]>(next.pending_input), at);
    await queries.updateTable("runs").set({ pending_input: null }).where("id", "=", next.id).execute();
  }
  return next.id;
}
