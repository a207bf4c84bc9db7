import { toTimestamp } from "#base/clock.ts";
import { AppError, failedPrecondition, notFound } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import type { Committed } from "#db/database.ts";
import { isForeignKeyViolation } from "#db/errors.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toJson } from "#db/values.ts";
import { mergeToolMessages, requireWholeTurns } from "#runtime/append-messages.ts";
import type { RunRow } from "#runtime/claim-run.ts";
import { insertRun, type RunPlace } from "#runtime/insert-run.ts";
import { joinTranscript } from "#runtime/join-transcript.ts";
import type { Message, NewMessage } from "#runtime/message-parts.ts";
import { type Cursor, START } from "#runtime/run-events.ts";
import { countInputs } from "#runtime/run-inputs.ts";
import type { RunOptions } from "#runtime/run-options.ts";
import type { OnBusy, RunKind } from "#runtime/run-schema.ts";
import { openSession, type SessionRow, type SessionWish, setActiveRun } from "#runtime/session-store.ts";
import { startSession } from "#runtime/start-session.ts";
import type { NumberedEvent } from "#runtime/write-events.ts";

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
  /** What is stored of the story of a run that the request started. */
  readonly events: readonly NumberedEvent[];
  /** Set when the first attempt has begun with the acceptance, which saves a commit. */
  readonly begun?: BegunRun | undefined;
}

/** A run in its first attempt, its first message started. */
export interface BegunRun {
  readonly run: RunRow;
  readonly messageId: string;
  /** Undefined when the session has more than what the request brought: then it has to be read. */
  readonly transcript: readonly Message[] | undefined;
}

export interface Acceptance {
  /** The id of the run, if the request starts one. */
  readonly runId: string;
  readonly owner: string;
  readonly now: Date;
  /** Whether the owner has room to begin at once, if the session is free. */
  readonly mayBegin: boolean;
}

/**
 * Stores run, messages and first events in one transaction. Work on the run may begin once it is committed; the caller
 * hears of it when it is durable, and what it hears of survives any crash.
 * A session with a run under way takes the request as its `onBusy` says.
 */
export async function acceptRun(
  ctx: Context,
  request: RunRequest,
  acceptance: Acceptance,
): Promise<Committed<Accepted>> {
  try {
    return await ctx.db.writeAhead((queries) => storeRun(ctx, queries, request, acceptance));
  } catch (thrown) {
    if (!isForeignKeyViolation(thrown) || (await hasAgent(ctx.db.read, request.agent.id))) throw thrown;
    // It was deleted after the caller had been shown that it may use it.
    throw notFound("agent", request.agent.key);
  }
}

const hasAgent = async (queries: TenantQueries, id: string): Promise<boolean> =>
  (await queries.selectFrom("agents").select("id").where("id", "=", id).executeTakeFirst()) !== undefined;

async function storeRun(
  ctx: Context,
  queries: TenantQueries,
  request: RunRequest,
  acceptance: Acceptance,
): Promise<Accepted> {
  const now = toTimestamp(acceptance.now);
  const { session: wish, messages } = request;
  if (typeof wish.key === "function" && wish.branchFrom === undefined) {
    const { session, stored } = await startSession(queries, wish, wish.key, messages, acceptance.runId, now);
    return insertReady(ctx, queries, session, request, acceptance, stored);
  }
  const session = await openSession(queries, wish, now);
  if (session.active_run_id !== null)
    return meetBusy(ctx, queries, session, session.active_run_id, request, acceptance);
  const stored = await joinTranscript(queries, session, messages, now);
  await setActiveRun(queries, { id: session.id, runId: acceptance.runId });
  const isWhole = session.head_id === null;
  return insertReady(ctx, queries, session, request, acceptance, isWhole ? stored : undefined);
}

/** The session is free: the run has it from here on. */
async function insertReady(
  ctx: Context,
  queries: TenantQueries,
  session: Pick<SessionRow, "id" | "key">,
  request: RunRequest,
  acceptance: Acceptance,
  transcript: readonly Message[] | undefined,
): Promise<Accepted> {
  const messageId = acceptance.mayBegin ? newId() : undefined;
  const place: RunPlace = messageId === undefined ? { kind: "ready" } : { kind: "begun", messageId };
  const { run, events } = await insertRun(ctx, queries, session, request, acceptance, place);
  const begun = messageId === undefined ? undefined : { run, messageId, transcript };
  return { runId: run.id, sessionKey: session.key, isReady: true, isNew: true, after: START, events, begun };
}

async function meetBusy(
  ctx: Context,
  queries: TenantQueries,
  session: SessionRow,
  activeRunId: string,
  request: RunRequest,
  acceptance: Acceptance,
): Promise<Accepted> {
  // Nobody knows yet which calls will be open when these join the transcript.
  requireWholeTurns([], mergeToolMessages(request.messages));
  const wait = async (priority: number): Promise<Accepted> => {
    await requireQueueSpace(queries, session);
    const { run, events } = await insertRun(ctx, queries, session, request, acceptance, { kind: "waiting", priority });
    return { runId: run.id, sessionKey: session.key, isReady: false, isNew: true, after: START, events };
  };
  switch (request.onBusy) {
    case "reject":
      throw failedPrecondition("error.session_busy", { key: session.key }, "session_busy", { retryable: true });
    case "steer":
      return steerRun(ctx, queries, session, activeRunId, request.messages, toTimestamp(acceptance.now));
    case "interrupt":
      return { ...(await wait(1)), interruptedRunId: activeRunId };
    case "queue":
      return wait(0);
  }
}

async function steerRun(
  ctx: Context,
  queries: TenantQueries,
  session: SessionRow,
  runId: string,
  messages: readonly NewMessage[],
  now: string,
): Promise<Accepted> {
  if ((await countInputs(queries, runId)) >= LIMITS.steeringQueue) throw queueFull(session);
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
  return {
    runId,
    sessionKey: session.key,
    isReady: false,
    isNew: false,
    after: { seq: last_seq, offset: 0 },
    events: [],
  };
}

async function requireQueueSpace(queries: TenantQueries, session: SessionRow): Promise<void> {
  const { count } = await queries
    .selectFrom("runs")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("session_id", "=", session.id)
    .where("ended_at", "is", null)
    .where("id", "<>", session.active_run_id ?? "")
    .executeTakeFirstOrThrow();
  if (Number(count) >= LIMITS.sessionQueue) throw queueFull(session);
}

const queueFull = ({ key }: SessionRow) =>
  new AppError("RESOURCE_EXHAUSTED", "error.session_queue_full", { key }, { reason: "queue_full" });
