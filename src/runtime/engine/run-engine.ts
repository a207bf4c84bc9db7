import { SECOND } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import { newId, type TenantId } from "#base/ids.ts";
import { defineService } from "#core/service.ts";
import type { Committed, Database, SystemDatabase, TenantDatabase } from "#db/database.ts";
import { isDatabaseFault } from "#db/errors.ts";
import { FaultRetry } from "#db/fault-retry.ts";
import { LeaseKeeper } from "#runtime/engine/lease-keeper.ts";
import type { EngineDependencies } from "#runtime/engine/run-dependencies.ts";
import { type Work, type WorkSettings, workOnRun } from "#runtime/engine/work-on-run.ts";
import { WorkerPool } from "#runtime/engine/worker-pool.ts";
import { followRun, LiveRuns, snapshotRun } from "#runtime/live/index.ts";
import {
  type Accepted,
  acceptRun,
  type Cursor,
  cancelRun,
  type EndOutcome,
  type FollowedEvent,
  findRunState,
  type RunCaller,
  type RunEnd,
  type RunnableAgent,
  type RunRequest,
  type RunRow,
  type RunState,
  runEnded,
  START,
} from "#runtime/runs/index.ts";
import { SessionSuffixes } from "#runtime/transcript/index.ts";

export interface EngineSettings extends WorkSettings {
  readonly maxConcurrent: number;
  /** Returns the share of workers and waiting places that one tenant may take up now, between 0 and 1. */
  readonly tenantShare: () => number;
  readonly maxWaiting: number;
  readonly drainSeconds: number;
}

/** An accepted run, and its events for the caller that waits for it. */
export interface AttachedRun {
  readonly accepted: Accepted;
  readonly events: AsyncGenerator<FollowedEvent>;
}

export interface AttachOptions {
  /** Aborts when the caller disconnects. */
  readonly signal: AbortSignal;
  /** False for a caller that does not stream. It receives the text of each message in one piece. */
  readonly wantsText: boolean;
}

/** The time in milliseconds that stopped runs get to write their end, after the drain time. */
const SETTLE_MS = 4 * SECOND;

/**
 * Accepts runs, works on those whose lease it holds, and lets clients follow them. It does not depend on HTTP. Any
 * number of engines can share one database, because the lease fences every write of a run.
 */
export class RunEngine {
  readonly #database: Database;
  readonly #dependencies: EngineDependencies;
  readonly #settings: EngineSettings;
  readonly #live = new LiveRuns();
  readonly #suffixes = new SessionSuffixes();
  readonly #pool: WorkerPool;
  readonly #leases: LeaseKeeper;
  readonly #faults: FaultRetry;
  /** Aborts followers when this process stops. */
  readonly #closing = new AbortController();
  #isLeaving = false;
  #mustYield = false;

  constructor(database: Database, system: SystemDatabase, dependencies: EngineDependencies, settings: EngineSettings) {
    this.#database = database;
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#pool = new WorkerPool({ ...settings, work: (work) => this.#work(work) });
    const { events, logger } = dependencies;
    this.#leases = new LeaseKeeper({
      ...{ system, events, logger, owner: settings.owner, live: this.#live, pool: this.#pool },
      drop: (runId, reason) => this.drop(runId, reason),
    });
    this.#faults = new FaultRetry(database, () => this.#mustYield);
  }

  /**
   * Takes over the runs that an earlier process left. Then renews leases and looks for orphaned runs at an interval.
   */
  start(): Promise<void> {
    return this.#leases.start();
  }

  /**
   * Stops the engine. Detached runs are released at their next step. Attached runs get the drain time to end, and are
   * then stopped. A stopped run that is resumable continues with its next owner. The others fail as interrupted.
   */
  async stop(): Promise<void> {
    this.#isLeaving = true;
    this.#pool.close();
    this.#leases.stop();
    await this.#pool.settleWithin(this.#settings.drainSeconds * SECOND);
    this.#mustYield = true;
    for (const live of this.#live.all) live.stop({ kind: "drained" });
    await this.#pool.settleWithin(SETTLE_MS);
    this.#closing.abort();
    await this.#leases.release();
  }

  /**
   * Stores a run and begins to work on it. Resolves when the run is durable. A repeated request joins its first run.
   * Throws RESOURCE_EXHAUSTED if too many runs wait for a worker.
   */
  async accept(caller: RunCaller, request: RunRequest): Promise<Accepted> {
    const { db, requestId, idempotency } = caller;
    if (idempotency?.runId != null) return this.#repeat(db, idempotency.runId);
    const { tenantId } = db;
    this.#pool.requireRoom(tenantId);
    const agent = this.#pool.hasRoom(tenantId) ? await this.#findAgent(db, request) : undefined;
    const mayBegin = agent !== undefined && this.#pool.hasRoom(tenantId);
    const { value: accepted, durable } = await this.#store(caller, request, mayBegin);
    const { runId, events, begun } = accepted;
    this.#dependencies.failpoints.pass("run.accepted");
    if (accepted.isNew) this.#live.open(runId, 0, requestId).commit(events);
    const work = { tenantId, runId, userId: request.session.userId, isRecovery: false };
    if (begun && agent) this.#pool.begin({ ...work, begun: { ...begun, agent } });
    else if (accepted.isReady) this.#pool.schedule(work);
    this.#pool.fill();
    if (accepted.interruptedRunId !== undefined) {
      await this.cancel(db, accepted.interruptedRunId, "interrupted by another message");
    }
    await durable.catch((thrown: unknown) => {
      if (accepted.isNew) this.#inBackground(this.#settle(caller, runId));
      throw thrown;
    });
    return accepted;
  }

  /**
   * Decides about a run whose caller got an error, although the run may be stored. A caller with an idempotency key
   * comes back for its answer. Any other never receives it, and may have sent the request again.
   */
  async #settle({ db, idempotency }: RunCaller, runId: string): Promise<void> {
    if (!idempotency) await this.#faults.run(() => this.cancel(db, runId, "it could not be kept"));
    const run = await this.#faults.run(() => findRunState(db, runId));
    if (run) this.#takeUp(db.tenantId, run);
  }

  /** Works on a run of this process that a fault of the database hid from it. */
  #takeUp(tenantId: TenantId, { id: runId, status, lease_owner, last_seq }: RunState): void {
    if (lease_owner !== this.#settings.owner || this.#live.find(runId)) return;
    this.#live.open(runId, last_seq);
    if (status !== "queued") this.#pool.schedule({ tenantId, runId, isRecovery: false });
  }

  async #store(caller: RunCaller, request: RunRequest, mayBegin: boolean): Promise<Committed<Accepted>> {
    const { owner } = this.#settings;
    const now = this.#dependencies.clock.now();
    const options = { runId: newId(), owner, now, suffixes: this.#suffixes, mayBegin };
    const accept = () => acceptRun(caller, request, options);
    try {
      return await (mayBegin ? this.#pool.reserve(caller.db.tenantId, accept) : accept());
    } catch (thrown) {
      if (isDatabaseFault(thrown)) this.#inBackground(this.#settle(caller, options.runId));
      throw thrown;
    }
  }

  /** Resolves to undefined if the agent cannot be loaded. The run itself will report that. */
  #findAgent(db: TenantDatabase, { agent, options }: RunRequest): Promise<RunnableAgent | undefined> {
    return this.#dependencies.agents.load(db, agent.id, options.draft).catch(() => undefined);
  }

  /** Accepts a run for a caller that waits for it. The run is cancelled when its last waiting caller disconnects. */
  async acceptAttached(
    caller: RunCaller,
    request: RunRequest,
    { signal, wantsText }: AttachOptions,
  ): Promise<AttachedRun> {
    const accepted = await this.accept(caller, { ...request, isAttached: true });
    const { runId, after } = accepted;
    const join = () => this.#join(caller.db, runId);
    const events = followRun({ ...this.#followOptions(caller.db, runId, after, signal), wantsText, join });
    return { accepted, events };
  }

  /** Yields the run's events after a cursor, until its end. */
  follow(db: TenantDatabase, runId: string, after: Cursor, signal: AbortSignal): AsyncGenerator<FollowedEvent> {
    return followRun({ ...this.#followOptions(db, runId, after, signal), wantsText: true });
  }

  #followOptions(db: TenantDatabase, runId: string, after: Cursor, signal: AbortSignal) {
    const signals = [signal, this.#closing.signal];
    const faults = new FaultRetry(this.#database, () => signals.some(({ aborted }) => aborted));
    return { db, runId, after, faults, findLive: this.#live.find, signals };
  }

  /** Yields the run's events after a cursor that exist now. */
  snapshot(db: TenantDatabase, runId: string, after: Cursor): AsyncGenerator<FollowedEvent> {
    return snapshotRun({ db, runId, after, findLive: this.#live.find });
  }

  /** Requests that a run stops. The run's owner ends it soon afterwards. Resolves to false if it had already ended. */
  async cancel(db: TenantDatabase, runId: string, reason: string): Promise<boolean> {
    const { clock, onRunEnd, events } = this.#dependencies;
    const outcome = await cancelRun(db, { runId, reason, now: clock.now(), onEnd: onRunEnd, events });
    const live = this.#live.find(runId);
    if (outcome.kind === "cancelled") {
      live?.commit(outcome.events);
      this.#release(runId);
      this.#announceEnd(db.tenantId, outcome.run, outcome.end);
    }
    live?.stop({ kind: "cancelled", reason });
    // A fault of the database may have hidden an earlier cancellation, so followers still wait here.
    if (outcome.kind === "ended" && !this.#pool.isWorkingOn(runId)) this.#release(runId);
    return outcome.kind !== "ended";
  }

  /** Stops the work on a deleted run. Its followers receive NOT_FOUND. */
  drop(runId: string, reason: string): void {
    this.#live.find(runId)?.stop({ kind: "cancelled", reason });
    if (!this.#pool.isWorkingOn(runId)) this.#release(runId);
  }

  async #repeat(db: TenantDatabase, runId: string): Promise<Accepted> {
    const run = await findRunState(db, runId);
    if (!run) throw notFound("run", runId);
    this.#takeUp(db.tenantId, run);
    return { runId, sessionKey: run.session_key, isReady: false, isNew: false, after: START, events: [] };
  }

  /** Counts a waiting caller. Returns a function to call when the caller has received the run's end or disconnects. */
  #join(db: TenantDatabase, runId: string): (hasEnded: boolean) => void {
    const detach = this.#live.find(runId)?.attach();
    return (hasEnded) => {
      const isLast = detach?.() ?? false;
      if (isLast && !hasEnded && !this.#closing.signal.aborted)
        this.#inBackground(this.#faults.run(() => this.#abandon(db, runId)));
    };
  }

  /**
   * Cancels an attached run after its last waiting caller disconnected. A detached run that callers steered continues.
   */
  async #abandon(db: TenantDatabase, runId: string): Promise<void> {
    const run = await db.read.selectFrom("runs").select("is_attached").where("id", "=", runId).executeTakeFirst();
    if (run?.is_attached === 1) await this.cancel(db, runId, "the client went away");
  }

  async #work(work: Work): Promise<void> {
    const isRecovery = work.isRecovery || this.#leases.hasAdopted(work.runId);
    await workOnRun(
      { ...work, isRecovery },
      {
        database: this.#database,
        dependencies: this.#dependencies,
        settings: this.#settings,
        faults: this.#faults,
        openLive: ({ runId }, lastSeq) => this.#live.open(runId, lastSeq),
        requestIdOf: (runId) => this.#live.find(runId)?.requestId,
        isLeaving: (run) => this.#shouldYield(run),
        onEnd: ({ tenantId }, run, end, outcome) => this.#afterEnd(tenantId, run, end, outcome),
      },
    );
    this.#release(work.runId);
  }

  #afterEnd(tenantId: TenantId, run: RunRow, end: RunEnd, outcome: EndOutcome): void {
    if (!outcome.isEnded) return;
    this.#announceEnd(tenantId, run, end);
    const { next: runId } = outcome;
    if (runId !== undefined) this.#pool.schedule({ tenantId, runId, userId: run.user_id, isRecovery: false });
  }

  #announceEnd(tenantId: TenantId, run: RunRow, end: RunEnd): void {
    const { metrics, events, spans, clock } = this.#dependencies;
    const { status } = end;
    spans.exportRun(tenantId, run, end, clock.now());
    metrics.runsEnded.inc({ status, kind: run.kind });
    const payload = { agent_id: run.agent_id, session_key: run.session_key, status };
    events.publish(runEnded, { tenantId, entityId: run.id, userId: run.user_id, payload });
  }

  /** Evicts a run from this process's memory. */
  #release(runId: string): void {
    this.#live.close(runId);
    this.#leases.forget(runId);
  }

  #shouldYield(run: RunRow): boolean {
    return this.#mustYield || (this.#isLeaving && run.is_attached === 0);
  }

  #inBackground(task: Promise<unknown>): void {
    task.catch((error: unknown) => this.#dependencies.logger.warn({ error }, "a task of the run engine failed"));
  }
}

export const runEngine = defineService<RunEngine>("run-engine");
