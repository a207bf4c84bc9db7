import { toTimestamp } from "#base/clock.ts";
import { headOf } from "#base/cut-text.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { insertRow } from "#db/prepared-query.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";
import type { Acceptance, RunRequest } from "#runtime/accept-run.ts";
import type { RunRow } from "#runtime/claim-run.ts";
import { leaseEnd } from "#runtime/lease.ts";
import { type NewMessage, textOf } from "#runtime/message-parts.ts";
import type { StoredRunEvent } from "#runtime/run-events.ts";
import { NO_USAGE } from "#runtime/run-schema.ts";
import type { SessionRow } from "#runtime/session-store.ts";
import { insertEvents, type NumberedEvent } from "#runtime/write-events.ts";

/** Where a new run stands: it waits for its session, waits for a worker, or has begun together with its first message. */
export type RunPlace =
  | { readonly kind: "waiting"; readonly priority: number }
  | { readonly kind: "ready" }
  | { readonly kind: "begun"; readonly messageId: string };

export interface InsertedRun {
  readonly run: RunRow;
  readonly events: readonly NumberedEvent[];
}

const FIRST_ATTEMPT = 1;
const NOTHING_USED = toJson(NO_USAGE);

/** Stores a new run with the events that say how far it is. */
export async function insertRun(
  ctx: Context,
  queries: TenantQueries,
  session: Pick<SessionRow, "id" | "key">,
  request: RunRequest,
  acceptance: Acceptance,
  place: RunPlace,
): Promise<InsertedRun> {
  const told = eventsOf(place);
  const run = toRow(ctx, session, request, acceptance, place, told.length);
  await insertRow(queries, "runs", run);
  const events = await insertEvents(queries, run.id, told.length, told, run.created_at);
  await ctx.idempotency?.attachRun(queries, run.id);
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
  ctx: Context,
  session: Pick<SessionRow, "id" | "key">,
  request: RunRequest,
  { runId, owner, now }: Acceptance,
  place: RunPlace,
  lastSeq: number,
): RunRow {
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
    is_resumable: toBit(!request.isAttached || ctx.idempotency !== undefined),
    finish: null,
    attempt: hasBegun ? FIRST_ATTEMPT : 0,
    deaths: 0,
    queue_priority: place.kind === "waiting" ? place.priority : 0,
    lease_owner: owner,
    lease_until: leaseEnd(now),
    cancel_reason: null,
    last_seq: lastSeq,
    pending_input: place.kind === "waiting" ? toJson(request.messages) : null,
    input_preview: previewOf(request.messages),
    options: toJson(request.options),
    output: null,
    error: null,
    usage: NOTHING_USED,
    cost: 0,
    trace_id: toTraceId(newId()),
    parent_run_id: null,
    metadata: toJson(request.metadata),
    created_at: createdAt,
    started_at: hasBegun ? createdAt : null,
    ended_at: null,
  };
}

/** 16 bytes in hex that begin with the time, so that the rows of one moment lie together in the index of traces. */
const toTraceId = (id: string) => id.replaceAll("-", "");

function previewOf(messages: readonly NewMessage[]): string {
  const last = messages.findLast(({ role }) => role === "user") ?? messages.at(-1);
  return headOf(textOf(last?.parts ?? []), LIMITS.previewChars);
}
