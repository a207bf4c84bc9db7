import { toTimestamp } from "#base/clock.ts";
import { AppError, failedPrecondition } from "#base/errors.ts";
import { newId, randomHex } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { insertRow } from "#db/prepared-query.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";
import { mergeToolMessages, requireWholeTurns } from "#runtime/append-messages.ts";
import { joinTranscript } from "#runtime/join-transcript.ts";
import { type NewMessage, textOf } from "#runtime/message-parts.ts";
import { type Cursor, START } from "#runtime/run-events.ts";
import type { RunOptions } from "#runtime/run-options.ts";
import { NO_USAGE, type OnBusy, OPEN_STATUSES, type RunKind } from "#runtime/run-schema.ts";
import { openSession, type SessionRow, type SessionWish, setActiveRun } from "#runtime/session-store.ts";
import { insertEvents } from "#runtime/write-events.ts";

/** A run that somebody asks for. */
export interface RunRequest {
  readonly agent: { readonly id: string; readonly key: string };
  readonly session: SessionWish;
  readonly kind: RunKind;
  /** A client waits on the same request: the run ends when it goes away. */
  readonly isAttached: boolean;
  readonly onBusy: OnBusy;
  /** Whole turns; the last is a user's or a tool's. */
  readonly messages: readonly NewMessage[];
  readonly options: RunOptions;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What became of a request: its own run, or the one that it steers or repeats. */
export interface Accepted {
  readonly runId: string;
  readonly sessionKey: string;
  /** Whether the run has its session now, and may be worked on. */
  readonly isReady: boolean;
  /** A run that has to make way for this one, which the caller of `acceptRun` cancels. */
  readonly interruptedRunId?: string | undefined;
  /** Whether the request started the run, rather than join one. */
  readonly isNew: boolean;
  /** Where the story begins that this request is about. */
  readonly after: Cursor;
}

export interface Acceptance {
  readonly owner: string;
  readonly now: Date;
}

/**
 * Stores run, messages and first event in one transaction: what the caller hears of afterwards survives a crash.
 * A session with a run under way takes the request as its `onBusy` says.
 */
export async function acceptRun(ctx: Context, request: RunRequest, acceptance: Acceptance): Promise<Accepted> {
  return ctx.db.write(async (queries) => {
    const now = toTimestamp(acceptance.now);
    const session = await openSession(queries, request.session, now);
    if (session.active_run_id === null) {
      await joinTranscript(queries, session, request.messages, now);
      return insertRun(ctx, queries, session, request, acceptance, { isReady: true, priority: 0 });
    }
    // Nobody knows yet which calls will be open when these join the transcript.
    requireWholeTurns([], mergeToolMessages(request.messages));
    switch (request.onBusy) {
      case "reject":
        throw failedPrecondition("error.session_busy", { key: session.key }, "session_busy", { retryable: true });
      case "steer":
        return steerRun(ctx, queries, session, session.active_run_id, request.messages, now);
      case "interrupt":
        await requireQueueSpace(queries, session);
        return {
          ...(await insertRun(ctx, queries, session, request, acceptance, { isReady: false, priority: 1 })),
          interruptedRunId: session.active_run_id,
        };
      case "queue":
        await requireQueueSpace(queries, session);
        return insertRun(ctx, queries, session, request, acceptance, { isReady: false, priority: 0 });
    }
  });
}

interface Place {
  readonly isReady: boolean;
  readonly priority: number;
}

async function insertRun(
  ctx: Context,
  queries: TenantQueries,
  session: SessionRow,
  request: RunRequest,
  { owner, now }: Acceptance,
  { isReady, priority }: Place,
): Promise<Accepted> {
  const id = newId();
  const createdAt = toTimestamp(now);
  await insertRow(queries, "runs", {
    id,
    agent_id: request.agent.id,
    agent_key: request.agent.key,
    session_id: session.id,
    session_key: session.key,
    user_id: request.session.userId,
    kind: request.kind,
    status: "queued",
    is_attached: toBit(request.isAttached),
    is_resumable: toBit(!request.isAttached || ctx.idempotency !== undefined),
    finish: null,
    attempt: 0,
    deaths: 0,
    queue_priority: priority,
    lease_owner: owner,
    lease_until: toTimestamp(new Date(now.getTime() + LIMITS.leaseTime)),
    cancel_reason: null,
    last_seq: 1,
    pending_input: isReady ? null : toJson(request.messages),
    input_preview: previewOf(request.messages),
    options: toJson(request.options),
    output: null,
    error: null,
    usage: toJson(NO_USAGE),
    cost: 0,
    trace_id: randomHex(16),
    parent_run_id: null,
    metadata: toJson(request.metadata),
    created_at: createdAt,
    started_at: null,
    ended_at: null,
  });
  await insertEvents(queries, id, 1, [{ type: "run.queued" }], createdAt);
  if (isReady) await setActiveRun(queries, { id: session.id, runId: id });
  await ctx.idempotency?.attachRun(queries, id);
  return { runId: id, sessionKey: session.key, isReady, isNew: true, after: START };
}

async function steerRun(
  ctx: Context,
  queries: TenantQueries,
  session: SessionRow,
  runId: string,
  messages: readonly NewMessage[],
  now: string,
): Promise<Accepted> {
  await queries
    .insertInto("run_inputs", {
      id: newId(),
      run_id: runId,
      messages: toJson(messages),
      message_id: null,
      created_at: now,
    })
    .execute();
  await ctx.idempotency?.attachRun(queries, runId);
  const { last_seq } = await queries
    .selectFrom("runs")
    .select("last_seq")
    .where("id", "=", runId)
    .executeTakeFirstOrThrow();
  return { runId, sessionKey: session.key, isReady: false, isNew: false, after: { seq: last_seq, offset: 0 } };
}

async function requireQueueSpace(queries: TenantQueries, session: SessionRow): Promise<void> {
  const { count } = await queries
    .selectFrom("runs")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("session_id", "=", session.id)
    .where("status", "in", OPEN_STATUSES)
    .where("id", "<>", session.active_run_id ?? "")
    .executeTakeFirstOrThrow();
  if (Number(count) < LIMITS.sessionQueue) return;
  throw new AppError("RESOURCE_EXHAUSTED", "error.session_queue_full", { key: session.key }, { reason: "queue_full" });
}

function previewOf(messages: readonly NewMessage[]): string {
  const last = messages.findLast(({ role }) => role === "user") ?? messages.at(-1);
  return textOf(last?.parts ?? []).slice(0, LIMITS.previewChars);
}
