import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { headOfTexts } from "#base/texts/cut-text.ts";
import { insertRow } from "#db/insert-rows.ts";
import type { Dialect, TenantQueries } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";
import type { RunRow } from "#runtime/runs/claim-run.ts";
import { leaseEnd } from "#runtime/runs/lease.ts";
import { toTraceColumns } from "#runtime/runs/records/trace-context.ts";
import type { RunCaller } from "#runtime/runs/run-caller.ts";
import type { StoredRunEvent } from "#runtime/runs/run-events.ts";
import type { AcceptOptions, PreparedRequest } from "#runtime/runs/run-request.ts";
import { NO_USAGE } from "#runtime/runs/run-schema.ts";
import { insertEvents, type NumberedEvent } from "#runtime/runs/write-events.ts";
import type { SessionRow } from "#runtime/transcript/index.ts";
import { type NewMessage, textsOf } from "#runtime/transcript/index.ts";

/**
 * The state of a new run: waiting for its session, waiting for a worker, or begun together with its first message. A
 * run that holds its session knows the last message of its input.
 */
export type RunPlace =
  | { readonly kind: "waiting"; readonly priority: number }
  | { readonly kind: "ready"; readonly inputId: string | null }
  | { readonly kind: "begun"; readonly inputId: string | null; readonly messageId: string };

export interface InsertedRun {
  readonly run: RunRow;
  readonly events: readonly NumberedEvent[];
}

const FIRST_ATTEMPT = 1;
const leaseColumns = (dialect: Dialect) => ({ lease_until: leaseEnd(dialect) });
const NOTHING_USED = toJson(NO_USAGE);

/** Stores a new run with the events of its state. */
export async function insertRun(
  caller: RunCaller,
  queries: TenantQueries,
  session: Pick<SessionRow, "id" | "key">,
  request: PreparedRequest,
  options: AcceptOptions,
  place: RunPlace,
): Promise<InsertedRun> {
  const begin = eventsOf(place);
  const run = toRow(caller, session, request, options, place, begin.length);
  await insertRow(queries, "runs", run, leaseColumns);
  const events = await insertEvents(queries, run.id, begin.length, begin, run.created_at);
  await caller.idempotency?.attachRun(queries, run.id);
  await request.onStored?.(queries, run.id);
  return { run, events };
}

function eventsOf(place: RunPlace): readonly StoredRunEvent[] {
  if (place.kind !== "begun") return [{ type: "run.queued" }];
  const { messageId } = place;
  return [
    { type: "run.queued" },
    { type: "run.started", attempt: FIRST_ATTEMPT },
    { type: "message.started", messageId },
  ];
}

function toRow(
  caller: RunCaller,
  session: Pick<SessionRow, "id" | "key">,
  request: PreparedRequest,
  options: AcceptOptions,
  place: RunPlace,
  lastSeq: number,
): RunRow {
  const { runId, owner, now } = options;
  const createdAt = toTimestamp(now);
  const hasBegun = place.kind === "begun";
  return {
    id: runId,
    agent_id: request.agent.id,
    agent_key: request.agent.key,
    session_id: session.id,
    session_key: session.key,
    user_id: request.session.userId,
    kind: request.kind,
    status: hasBegun ? "running" : "queued",
    is_attached: toBit(request.isAttached),
    is_resumable: toBit(!request.isAttached || caller.idempotency !== undefined),
    finish: null,
    attempt: hasBegun ? FIRST_ATTEMPT : 0,
    deaths: 0,
    queue_priority: place.kind === "waiting" ? place.priority : 0,
    lease_owner: owner,
    lease_until: null,
    cancel_reason: null,
    last_seq: lastSeq,
    pending_input: place.kind === "waiting" ? toJson(request.messages) : null,
    input_message_id: place.kind === "waiting" ? null : place.inputId,
    input_preview: previewOf(request.messages),
    options: request.optionsJson,
    output: null,
    error: null,
    answered_by: null,
    usage: NOTHING_USED,
    cost: 0,
    trace_id: traceIdOf(runId),
    parent_run_id: request.parentRunId ?? null,
    metadata: toJson(request.metadata),
    channel: request.session.channel,
    duration_ms: null,
    tool_calls: 0,
    input_tokens: 0,
    output_tokens: 0,
    is_counted: toBit(false),
    ...toTraceColumns(caller.traceHeaders),
    created_at: createdAt,
    started_at: hasBegun ? createdAt : null,
    ended_at: null,
  };
}

/** Returns the id of a run as 16 bytes in hex, as traces are named in headers. A trace is found by the run it names. */
const traceIdOf = (runId: string): string => runId.replaceAll("-", "");

function previewOf(messages: readonly NewMessage[]): string {
  const last = messages.findLast(({ role }) => role === "user") ?? messages.at(-1);
  return headOfTexts(textsOf(last?.parts ?? []), LIMITS.previewChars);
}
