import { toTimestamp } from "#base/clock.ts";
import { AppError, failedPrecondition, notFound } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Committed } from "#db/database.ts";
import { isForeignKeyViolation } from "#db/errors.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { insertRun, type RunPlace } from "#runtime/runs/insert-run.ts";
import { prepareRequest } from "#runtime/runs/prepare-request.ts";
import type { RunCaller } from "#runtime/runs/run-caller.ts";
import { START } from "#runtime/runs/run-events.ts";
import { countInputs, insertInput } from "#runtime/runs/run-inputs.ts";
import type { Accepted, AcceptOptions, PreparedRequest, RunRequest } from "#runtime/runs/run-request.ts";
import type { Message } from "#runtime/transcript/index.ts";
import {
  joinTranscript,
  mergeToolMessages,
  nameSession,
  openSession,
  requireJoinable,
  requireWholeTurns,
  type SessionRow,
  setActiveRun,
  startSession,
} from "#runtime/transcript/index.ts";

/**
 * Stores a run, its messages and its first events in one transaction. Resolves at the commit, when work on the run may
 * begin. `durable` of the result resolves when the run survives every crash. If the session has an active run, `onBusy`
 * decides what happens. Throws INVALID_REQUEST, NOT_FOUND, FAILED_PRECONDITION or RESOURCE_EXHAUSTED.
 */
export async function acceptRun(
  caller: RunCaller,
  request: RunRequest,
  options: AcceptOptions,
): Promise<Committed<Accepted>> {
  const acceptance = new Acceptance(caller, prepareRequest(request), options);
  try {
    return await caller.db.commitEarly((queries) => acceptance.store(queries));
  } catch (thrown) {
    if (!isForeignKeyViolation(thrown) || (await hasAgent(caller.db.read, request.agent.id))) throw thrown;
    // The agent was deleted after the check of the caller's access to it.
    throw notFound("agent", request.agent.key);
  }
}

const hasAgent = async (queries: TenantReads, id: string): Promise<boolean> =>
  (await queries.selectFrom("agents").select("id").where("id", "=", id).executeTakeFirst()) !== undefined;

/** The unit of writes that accepts one request. It changes no state of its own, because a unit may run again. */
class Acceptance {
  readonly #caller: RunCaller;
  readonly #request: PreparedRequest;
  readonly #options: AcceptOptions;

  constructor(caller: RunCaller, request: PreparedRequest, options: AcceptOptions) {
    this.#caller = caller;
    this.#request = request;
    this.#options = options;
  }

  async store(queries: TenantQueries): Promise<Accepted> {
    const { session: request, messages } = this.#request;
    const { runId, suffixes } = this.#options;
    const now = toTimestamp(this.#options.now);
    if (typeof request.key === "function" && request.branchFrom === undefined) {
      const fresh = { request, makeKey: request.key, suffixes, messages, runId };
      const { session, stored } = await startSession(queries, fresh, now);
      return this.#insertReady(queries, session, stored, stored);
    }
    const check = (headId: string | null) => requireJoinable(queries, headId, messages);
    const session = await openSession(queries, request, suffixes, now, check);
    const { active_run_id: active } = session;
    const accepted = await (active === null
      ? this.#join(queries, session)
      : this.#handleBusy(queries, session, active));
    if (session.is_named === 0 && typeof request.key === "string") await nameSession(queries, session.id);
    return accepted;
  }

  async #join(queries: TenantQueries, session: SessionRow): Promise<Accepted> {
    const { runId, now } = this.#options;
    const stored = await joinTranscript(queries, session, this.#request.messages, toTimestamp(now));
    await setActiveRun(queries, { id: session.id, runId });
    const isWhole = session.head_id === null;
    return this.#insertReady(queries, session, stored, isWhole ? stored : undefined);
  }

  /** Inserts a run that holds its session from now on. */
  async #insertReady(
    queries: TenantQueries,
    session: Pick<SessionRow, "id" | "key">,
    input: readonly Message[],
    transcript: readonly Message[] | undefined,
  ): Promise<Accepted> {
    const inputId = input.at(-1)?.id ?? null;
    const messageId = this.#options.mayBegin ? newId() : undefined;
    const place: RunPlace =
      messageId === undefined ? { kind: "ready", inputId } : { kind: "begun", inputId, messageId };
    const { run, events } = await insertRun(this.#caller, queries, session, this.#request, this.#options, place);
    const begun = messageId === undefined ? undefined : { run, messageId, transcript };
    return { runId: run.id, sessionKey: session.key, isReady: true, isNew: true, after: START, events, begun };
  }

  async #handleBusy(queries: TenantQueries, session: SessionRow, activeRunId: string): Promise<Accepted> {
    const { messages, onBusy } = this.#request;
    // It is not known yet which calls will be open when these messages join the transcript.
    requireWholeTurns([], mergeToolMessages(messages));
    switch (onBusy) {
      case "reject":
        throw failedPrecondition("error.session_busy", { key: session.key }, "session_busy", { retryable: true });
      case "steer":
        return this.#steer(queries, session, activeRunId);
      case "interrupt":
        return { ...(await this.#insertWaiting(queries, session, 1)), interruptedRunId: activeRunId };
      case "queue":
        return this.#insertWaiting(queries, session, 0);
    }
  }

  async #insertWaiting(queries: TenantQueries, session: SessionRow, priority: number): Promise<Accepted> {
    await requireQueueSpace(queries, session);
    const place = { kind: "waiting" as const, priority };
    const { run, events } = await insertRun(this.#caller, queries, session, this.#request, this.#options, place);
    return { runId: run.id, sessionKey: session.key, isReady: false, isNew: true, after: START, events };
  }

  async #steer(queries: TenantQueries, session: SessionRow, runId: string): Promise<Accepted> {
    if ((await countInputs(queries, runId)) >= LIMITS.steeringQueue) throw queueFull(session);
    await insertInput(queries, runId, this.#request.messages, toTimestamp(this.#options.now));
    await this.#caller.idempotency?.attachRun(queries, runId);
    await this.#request.onStored?.(queries, runId);
    const { last_seq } = await queries
      .selectFrom("runs")
      .select("last_seq")
      .where("id", "=", runId)
      .executeTakeFirstOrThrow();
    const after = { seq: last_seq, offset: 0 };
    return { runId, sessionKey: session.key, isReady: false, isNew: false, after, events: [] };
  }
}

async function requireQueueSpace(queries: TenantReads, session: SessionRow): Promise<void> {
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
