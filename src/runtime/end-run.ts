import { toTimestamp } from "#base/clock.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import { appendMessages, standInResult, toMessage } from "#runtime/append-messages.ts";
import { joinTranscript } from "#runtime/join-transcript.ts";
import { type NewMessage, toolCallsOf } from "#runtime/message-parts.ts";
import type { RunError } from "#runtime/run-error.ts";
import type { StoredRunEvent } from "#runtime/run-events.ts";
import { consumeInputs } from "#runtime/run-inputs.ts";
import type { RunFinish, Usage } from "#runtime/run-schema.ts";
import { growSession, lockSessionById, type SessionRow } from "#runtime/session-store.ts";
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

/**
 * Writes a run's end behind its fence: its row, results for calls that never got one, and the next run of the session,
 * whose messages join the transcript now. Returns that run's id.
 */
export async function writeRunEnd(
  queries: TenantQueries,
  runId: string,
  sessionId: string,
  end: RunEnd,
  { usage, cost }: RunTotals,
  now: Date,
): Promise<string | undefined> {
  const at = toTimestamp(now);
  await queries
    .updateTable("runs")
    .set({
      status: end.status,
      finish: end.status === "completed" ? end.finish : null,
      output: end.output ?? null,
      error: end.status === "failed" ? toJson(end.error) : null,
      usage: toJson(usage),
      cost,
      lease_owner: null,
      lease_until: null,
      pending_input: null,
      ended_at: at,
    })
    .where("id", "=", runId)
    .execute();
  const session = await lockSessionById(queries, sessionId);
  if (!session || session.active_run_id !== runId) return undefined;
  if (!(end.status === "completed" && end.finish === "tool_calls")) await closeOpenCalls(queries, session, runId, now);
  await consumeInputs(queries, sessionId, runId, at);
  return promoteNext(queries, sessionId, at);
}

const NEVER_ANSWERED = "[interrupted; outcome unknown; not repeated]";

// A transcript whose last turn waits for results would refuse every later message.
async function closeOpenCalls(queries: TenantQueries, session: SessionRow, runId: string, now: Date): Promise<void> {
  if (session.head_id === null) return;
  const row = await queries.selectFrom("messages").selectAll().where("id", "=", session.head_id).executeTakeFirst();
  if (!row || row.run_id !== runId || toolCallsOf(toMessage(row).parts).length === 0) return;
  const calls = await readToolCalls(queries, row.id);
  const results = calls.map((call) => call.result ?? standInResult(call, NEVER_ANSWERED));
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

/** Gives the session to the run that waited longest, after those that interrupt. */
async function promoteNext(queries: TenantQueries, sessionId: string, at: string): Promise<string | undefined> {
  const next = await queries
    .selectFrom("runs")
    .select(["id", "pending_input"])
    .where("session_id", "=", sessionId)
    .where("status", "=", "queued")
    .orderBy("queue_priority", "desc")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  await queries
    .updateTable("sessions")
    .set({ active_run_id: next?.id ?? null })
    .where("id", "=", sessionId)
    .execute();
  if (!next) return undefined;
  const session = await lockSessionById(queries, sessionId);
  if (session && next.pending_input !== null) {
    await joinTranscript(queries, session, fromJson<NewMessage[]>(next.pending_input), at);
    await queries.updateTable("runs").set({ pending_input: null }).where("id", "=", next.id).execute();
  }
  return next.id;
}
