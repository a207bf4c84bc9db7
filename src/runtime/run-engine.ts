import { setTimeout as sleep } from "node:timers/promises";
import { SECOND } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { defineService } from "#core/service.ts";
import type { Committed, Database, SystemDatabase, TenantDatabase } from "#db/database.ts";
import { type Accepted, acceptRun, type RunRequest } from "#runtime/accept-run.ts";
import { adoptOrphans, findReadyRuns } from "#runtime/adopt-orphans.ts";
import { cancelRun } from "#runtime/cancel-run.ts";
import type { RunRow } from "#runtime/claim-run.ts";
import { followRun, snapshotRun } from "#runtime/follow-run.ts";
import { giveLeasesBack, renewLeases } from "#runtime/keep-leases.ts";
import type { RunnableAgent } from "#runtime/ports.ts";
import type { EngineDependencies } from "#runtime/run-dependencies.ts";
import { type Cursor, type FollowedEvent, START } from "#runtime/run-events.ts";
import { RunRegistry } from "#runtime/run-registry.ts";
import { WaitingRuns } from "#runtime/waiting-runs.ts";
import { type Work, type WorkContext, type WorkSettings, workOnRun } from "#runtime/work-on-run.ts";

export interface EngineSettings extends WorkSettings {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  readonly drainSeconds: number;
}

/** A run and its story as the caller of an attached request reads it. */
export interface AttachedRun {
  readonly accepted: Accepted;
  readonly events: AsyncGenerator<FollowedEvent>;
}

/** After the drain time: how long stopped runs may take to write their end. */
const SETTLE_MS = 5 * SECOND;

/**
 * Accepts runs, works on those whose lease it holds, and lets anybody follow them. Knows nothing of HTTP; any number of
 * engines share one database, since every write of a run is fenced by its lease.
 */
export class RunEngine {
  readonly #workContext: WorkContext;
  readonly #system: SystemDatabase;
  readonly #dependencies: EngineDependencies;
  readonly #settings: EngineSettings;
  readonly #registry = new RunRegistry();
  readonly #waiting: WaitingRuns;
  /** Runs taken over from another process, until they end here: their turn may come much later. */
  readonly #adopted = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  /** Runs that are being stored as begun: each holds a place among those at work. */
  #beginning = 0;
  /** Aborts followers when this process leaves. */
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isLeaving = false;
  #mustYield = false;

  constructor(database: Database, system: SystemDatabase, dependencies: EngineDependencies, settings: EngineSettings) {
    this.#system = system;
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#waiting = new WaitingRuns(settings.maxWaiting);
    this.#workContext = {
      database,
      dependencies,
      settings,
      openLive: ({ runId }, lastSeq) => this.#registry.open(runId, lastSeq),
      requestIdOf: (runId) => this.#registry.find(runId)?.requestId,
      isLeaving: (run) => this.#shouldYield(run),
      onNextRun: (following) => this.#schedule(following),
    };
  }

  /** Takes up what an earlier process left, and keeps looking after leases from then on. */
  async start(): Promise<void> {
    await this.#adopt();
    this.#timer = setInterval(() => this.#inBackground(this.#adopt()), LIMITS.leaseRenewal);
  }

  /**
   * Lets detached runs go on elsewhere from their next step, gives attached ones the drain time to end, then stops what
   * is left: a run whose answer can still be fetched is resumed by the next owner, the others fail as interrupted.
   */
  async stop(): Promise<void> {
    this.#isLeaving = true;
    clearInterval(this.#timer);
    await this.#settleWithin(this.#settings.drainSeconds * SECOND);
    this.#mustYield = true;
    for (const live of this.#registry.all) live.stop({ kind: "drained" });
    await this.#settleWithin(SETTLE_MS);
    this.#closing.abort();
    await this.#dependencies.titles.stop();
    await giveLeasesBack(this.#system, this.#settings.owner, this.#dependencies.clock.now());
  }

  /** Stores a run and begins to work on it. What comes back is durable. Joins the run of an idempotent repetition. */
  async accept(ctx: Context, request: RunRequest): Promise<Accepted> {
    const repeated = ctx.idempotency?.runId;
    if (repeated != null) return this.#repeat(ctx.db, repeated);
    this.#waiting.requireRoom();
    const agent = this.#hasRoom ? await this.#findAgent(ctx.db, request.agent.id) : undefined;
    const { value: accepted, durable } = await this.#acceptInto(ctx, request, agent !== undefined && this.#hasRoom);
    const { runId, events, begun } = accepted;
    this.#dependencies.failpoints.pass("run.accepted");
    if (accepted.isNew) this.#registry.open(runId, 0, ctx.requestId).commit(events);
    const work = { tenantId: ctx.tenantId, runId, isRecovery: false };
    if (begun && agent) this.#begin({ ...work, begun: { ...begun, agent } });
    else if (accepted.isReady) this.#schedule(work);
    this.#workOnNext();
    if (accepted.interruptedRunId !== undefined) {
      await this.cancel(ctx.db, accepted.interruptedRunId, "interrupted by another message");
    }
    await durable.catch((thrown: unknown) => {
      // Its caller does not hear of it, so that what it does would be for nobody.
      if (accepted.isNew) this.#inBackground(this.cancel(ctx.db, runId, "it could not be kept"));
      throw thrown;
    });
    return accepted;
  }

  /** Keeps room while a run that may begin at once is being stored; if it is refused, others may have waited for that. */
  async #acceptInto(ctx: Context, request: RunRequest, mayBegin: boolean): Promise<Committed<Accepted>> {
    const acceptance = { runId: newId(), owner: this.#settings.owner, now: this.#dependencies.clock.now(), mayBegin };
    if (!mayBegin) return acceptRun(ctx, request, acceptance);
    this.#beginning++;
    try {
      const accepted = await acceptRun(ctx, request, acceptance);
      this.#beginning--;
      return accepted;
    } catch (thrown) {
      this.#beginning--;
      this.#workOnNext();
      throw thrown;
    }
  }

  /** Undefined when the agent cannot be had, which the run itself will tell. */
  #findAgent(db: TenantDatabase, agentId: string): Promise<RunnableAgent | undefined> {
    return this.#dependencies.agents.load(db, agentId).catch(() => undefined);
  }

  /**
   * Accepts a run for a caller that waits for it. The run is cancelled when its last such caller goes away. A caller that
   * does not stream hears of each message when it is whole.
   */
  async acceptAttached(
    ctx: Context,
    request: RunRequest,
    { hearsText }: { readonly hearsText: boolean },
  ): Promise<AttachedRun> {
    const accepted = await this.accept(ctx, { ...request, isAttached: true });
    const { runId, after } = accepted;
    const join = () => this.#join(ctx.db, runId);
    const events = followRun({ ...this.#following(ctx.db, runId, after, ctx.signal), hearsText, join });
    return { accepted, events };
  }

  /** The run's story after a cursor, until its end. */
  follow(db: TenantDatabase, runId: string, after: Cursor, signal: AbortSignal): AsyncGenerator<FollowedEvent> {
    return followRun({ ...this.#following(db, runId, after, signal), hearsText: true });
  }

  #following(db: TenantDatabase, runId: string, after: Cursor, signal: AbortSignal) {
    return { db, runId, after, findLive: this.#registry.find, signals: [signal, this.#closing.signal] };
  }

  /** What there is of the run's story after a cursor now. */
  snapshot(db: TenantDatabase, runId: string, after: Cursor): AsyncGenerator<FollowedEvent> {
    return snapshotRun({ db, runId, after, findLive: this.#registry.find });
  }

  /** Asks a run to stop; it ends as soon as its owner hears of it. False when it had ended already. */
  async cancel(db: TenantDatabase, runId: string, reason: string): Promise<boolean> {
    const outcome = await cancelRun(db, runId, reason, this.#dependencies.clock.now());
    const live = this.#registry.find(runId);
    if (outcome.kind === "cancelled") {
      live?.commit(outcome.events);
      this.#registry.close(runId);
      this.#adopted.delete(runId);
    }
    live?.stop({ kind: "cancelled", reason });
    return outcome.kind !== "ended";
  }

  /** Ends what this process does for a run that is deleted: whoever follows it hears that it is gone. */
  drop(runId: string, reason: string): void {
    this.#registry.find(runId)?.stop({ kind: "cancelled", reason });
    if (this.#working.has(runId)) return;
    this.#registry.close(runId);
    this.#adopted.delete(runId);
  }

  async #repeat(db: TenantDatabase, runId: string): Promise<Accepted> {
    const run = await db.read
      .selectFrom("runs")
      .select(["id", "session_key"])
      .where("id", "=", runId)
      .executeTakeFirst();
    if (!run) throw notFound("run", runId);
    return { runId, sessionKey: run.session_key, isReady: false, isNew: false, after: START, events: [] };
  }

  /** Counts a caller that waits; the returned function takes it back when it has heard the end, or goes away. */
  #join(db: TenantDatabase, runId: string): (hasEnded: boolean) => void {
    const detach = this.#registry.find(runId)?.attach();
    return (hasEnded) => {
      const isLast = detach?.() ?? false;
      if (isLast && !hasEnded && !this.#closing.signal.aborted) this.#inBackground(this.#abandon(db, runId));
    };
  }

  /** Nobody waits any more. A detached run, which somebody only steered, goes on. */
  async #abandon(db: TenantDatabase, runId: string): Promise<void> {
    const run = await db.read.selectFrom("runs").select("is_attached").where("id", "=", runId).executeTakeFirst();
    if (run?.is_attached === 1) await this.cancel(db, runId, "the client went away");
  }

  #schedule(work: Work): void {
    if (this.#isLeaving || this.#working.has(work.runId)) return;
    this.#waiting.add(work);
    this.#workOnNext();
  }

  /** Whether a run may begin now, ahead of nobody. */
  get #hasRoom(): boolean {
    return !this.#isLeaving && this.#waiting.isEmpty && this.#isBelowLimit;
  }

  get #isBelowLimit(): boolean {
    return this.#working.size + this.#beginning < this.#settings.maxConcurrent;
  }

  #workOnNext(): void {
    if (!this.#isBelowLimit) return;
    const next = this.#waiting.take();
    if (next) this.#begin({ ...next, isRecovery: next.isRecovery || this.#adopted.has(next.runId) });
  }

  #begin(work: Work): void {
    // What has begun while this process leaves is left to its next owner.
    if (this.#isLeaving && work.begun) return;
    const working = workOnRun(work, this.#workContext).finally(() => {
      this.#working.delete(work.runId);
      this.#adopted.delete(work.runId);
      this.#registry.close(work.runId);
      this.#workOnNext();
    });
    this.#working.set(work.runId, working);
  }

  #shouldYield(run: RunRow): boolean {
    return this.#mustYield || (this.#isLeaving && run.is_attached === 0);
  }

  async #adopt(): Promise<void> {
    // When this process, or its database, was held up, its own leases have run out too: those runs are nobody's orphans.
    await this.#renewLeases();
    if (this.#waiting.isFull) return;
    const now = this.#dependencies.clock.now();
    for (const { work, isReady, lastSeq } of await adoptOrphans(this.#system, this.#settings.owner, now)) {
      this.#dependencies.logger.info({ runId: work.runId, tenantId: work.tenantId }, "took over a run");
      this.#registry.open(work.runId, lastSeq);
      this.#adopted.add(work.runId);
      if (isReady) this.#schedule(work);
    }
    for (const work of await findReadyRuns(this.#system, this.#settings.owner)) this.#schedule(work);
  }

  /** Only of runs that are still held: one that was let go of must become free for others. */
  #renewLeases(): Promise<void> {
    const held = this.#registry.all.map(({ runId }) => runId);
    return renewLeases(this.#system, this.#settings.owner, held, this.#dependencies.clock.now());
  }

  async #settleWithin(milliseconds: number): Promise<void> {
    const timer = new AbortController();
    const deadline = sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([Promise.allSettled(this.#working.values()), deadline]);
    timer.abort();
  }

  #inBackground(task: Promise<unknown>): void {
    task.catch((error: unknown) => this.#dependencies.logger.warn({ error }, "a task of the run engine failed"));
  }
}

export const runEngine = defineService<RunEngine>("run-engine");
