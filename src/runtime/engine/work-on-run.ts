import { elapsedOf, SECOND } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { headOfTexts } from "#base/texts/cut-text.ts";
import type { Waiting } from "#base/threads/fair-queue.ts";
import type { Database, TenantDatabase } from "#db/database.ts";
import { isDatabaseFault } from "#db/errors.ts";
import type { FaultRetry } from "#db/fault-retry.ts";
import { fromJson } from "#db/values.ts";
import { RunAttempt } from "#runtime/engine/run-attempt.ts";
import type { EngineDependencies, RunDependencies } from "#runtime/engine/run-dependencies.ts";
import { INTERRUPTED, runLoop } from "#runtime/engine/run-loop.ts";
import type { LiveRun } from "#runtime/live/index.ts";
import {
  type BegunRun,
  claimRun,
  type EndOutcome,
  fromAppError,
  Journal,
  LeaseLostError,
  NO_USAGE,
  type NumberedEvent,
  type RunEnd,
  type RunnableAgent,
  type RunOptions,
  type RunReference,
  type RunRow,
  readEvents,
  readLastMessageEvent,
  runError,
  runStarted,
  sumUsage,
} from "#runtime/runs/index.ts";
import { applySummary, type Message, readTranscript, textsOf } from "#runtime/transcript/index.ts";

export interface WorkSettings {
  /** `<node id>:<boot id>`, the owner of this process's leases. */
  readonly owner: string;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
}

/** A run to work on. */
export interface Work extends RunReference, Waiting {
  /** True if the run was taken over from a process that died or left. */
  readonly isRecovery: boolean;
  /** Set if the first attempt began when the run was accepted. */
  readonly begun?: BegunWork | undefined;
}

/** A run that has begun, with its agent. */
export interface BegunWork extends BegunRun {
  readonly agent: RunnableAgent;
}

export interface WorkContext {
  readonly database: Database;
  readonly dependencies: EngineDependencies;
  readonly settings: WorkSettings;
  /** Lets runs wait through faults of the database, until this process leaves. */
  readonly faults: FaultRetry;
  /** Returns the live run. Creates it if it does not exist yet. */
  readonly openLive: (run: RunReference, lastSeq: number) => LiveRun;
  /** Returns the id of the request that started the run, for the log. */
  readonly requestIdOf: (runId: string) => string | undefined;
  /** Returns true if this process must release the run to its next owner. */
  readonly isLeaving: (run: RunRow) => boolean;
  /** Called after a run's end is committed. */
  readonly onEnd: (reference: RunReference, run: RunRow, end: RunEnd, outcome: EndOutcome) => void;
}

/**
 * Works on a run until it ends or is released to its next owner. Never rejects. If the lease is lost, its new owner
 * continues the run. After a fault of the database, this process makes another attempt as soon as the database is back.
 */
export async function workOnRun(work: Work, context: WorkContext): Promise<void> {
  const { database, dependencies, faults } = context;
  const { runId, tenantId } = work;
  const db = database.forTenant(tenantId);
  const names = { requestId: context.requestIdOf(runId), tenantId, runId };
  const runDependencies = withRun(dependencies, { db, faults }, names);
  let { begun } = work;
  try {
    await faults.run(() => {
      const current = { ...work, begun };
      begun = undefined;
      return beginAttempt(current, runDependencies, context);
    });
  } catch (thrown) {
    const level = thrown instanceof LeaseLostError || isDatabaseFault(thrown) ? "warn" : "error";
    runDependencies.logger[level]({ error: thrown }, "let go of a run");
  }
}

async function beginAttempt(work: Work, dependencies: RunDependencies, context: WorkContext): Promise<void> {
  const { runId, tenantId } = work;
  const { db, faults, clock, failpoints, events, onRunEnd } = dependencies;
  const { owner } = context.settings;
  const claim = work.begun ?? (await claimRun(db, runId, owner, clock.now()));
  if (!claim) return;
  const { run } = claim;
  const live = context.openLive(work, run.last_seq - 1);
  if ("events" in claim) {
    live.commit(claim.events);
    if (live.lastSeq < run.last_seq) await showEvents(live, run, db);
  }
  failpoints.pass("run.claimed");
  const after = run.attempt === 1 ? "" : String(run.last_seq - 1);
  const payload = { agent_id: run.agent_id, session_key: run.session_key, attempt: run.attempt, after };
  events.publish(runStarted, { tenantId, entityId: run.id, userId: run.user_id, payload });
  const lease = { runId: run.id, attempt: run.attempt, owner };
  const onCommit = (numbered: readonly NumberedEvent[]) => live.commit(numbered);
  const begunMessageId = work.begun?.messageId;
  const journal = new Journal({ db, run, lease, clock, faults, onCommit, onEnd: onRunEnd, begunMessageId });
  await attempt(work, run, journal, live, dependencies, context);
}

/** Shows the stored events that the live run lacks, because a fault of the database hid the commit of earlier ones. */
async function showEvents(live: LiveRun, { id, last_seq }: RunRow, { read }: TenantDatabase): Promise<void> {
  while (live.lastSeq < last_seq) live.commit(await readEvents(read, id, live.lastSeq, LIMITS.runEventsPage));
}

/**
 * Adds the run's database, and a logger that names the run. Most runs log nothing, so the logger is created on demand.
 */
function withRun(
  shared: EngineDependencies,
  own: Pick<RunDependencies, "db" | "faults">,
  names: object,
): RunDependencies {
  let logger: Logger | undefined;
  return {
    ...shared,
    ...own,
    get logger() {
      logger ??= shared.logger.child(names);
      return logger;
    },
  };
}

async function attempt(
  work: Work,
  run: RunRow,
  journal: Journal,
  live: LiveRun,
  dependencies: RunDependencies,
  context: WorkContext,
): Promise<void> {
  const { db, metrics, clock } = dependencies;
  const totals = run.attempt > 1 ? await sumUsage(db.read, run.id) : NOTHING_USED;
  const onEnd = (end: RunEnd, outcome: EndOutcome) => context.onEnd(work, run, end, outcome);
  const endAs = async (end: RunEnd) => onEnd(end, await journal.end({ end, totals }));

  const earlyEnd = endBeforeStart(work, run, context.settings);
  if (earlyEnd) return endAs(earlyEnd);
  const options = fromJson<RunOptions>(run.options);
  const timeoutSeconds = Math.min(context.settings.timeoutSeconds, options.maxSeconds ?? Number.POSITIVE_INFINITY);
  const deadline = elapsedOf(clock) + timeoutSeconds * SECOND;
  const timer = setTimeout(() => live.stop({ kind: "timeout" }), timeoutSeconds * SECOND);
  metrics.runsActive.inc();
  try {
    const start = await prepare(run, options, journal, dependencies, work.begun);
    const maxIterations = Math.min(start.agent.maxIterations, options.maxIterations ?? Number.POSITIVE_INFINITY);
    const isLeaving = () => context.isLeaving(run);
    const { signal } = live;
    const ports = new RunAttempt(dependencies, {
      ...start,
      run,
      options,
      totals,
      maxIterations,
      secondsLeft: () => Math.max(1, Math.ceil((deadline - elapsedOf(clock)) / SECOND)),
      journal,
      live,
      isLeaving,
      onEnd,
      signal,
    });
    const callsMade = start.turns.filter(({ role }) => role === "assistant").length;
    const isResumable = run.is_resumable === 1;
    await runLoop(ports, { callsMade, maxIterations, timeoutSeconds, isResumable }, signal);
  } catch (thrown) {
    if (thrown instanceof LeaseLostError || isDatabaseFault(thrown)) throw thrown;
    if (!(thrown instanceof AppError)) {
      dependencies.logger.error({ error: thrown }, "a run failed unexpectedly");
      await endAs({ status: "failed", error: runError("INTERNAL", "error.run_internal", {}) });
    } else {
      await endAs({ status: "failed", error: fromAppError(thrown) });
    }
  } finally {
    clearTimeout(timer);
    metrics.runsActive.dec();
  }
}

const NOTHING_USED = { usage: NO_USAGE, cost: 0, toolCalls: 0 };

/** Returns the end of a run that must not be worked on. */
function endBeforeStart(work: Work, run: RunRow, { maxAttempts }: WorkSettings): RunEnd | undefined {
  if (run.cancel_reason !== null) return { status: "cancelled", reason: run.cancel_reason };
  if (work.isRecovery && run.is_resumable === 0) return { status: "failed", error: INTERRUPTED };
  if (run.deaths >= maxAttempts) {
    const error = runError("INTERNAL", "error.run_crashed", { attempts: run.deaths }, { reason: "crashed" });
    return { status: "failed", error };
  }
  return undefined;
}

/** Reads the data of the attempt. Resets a message that the previous attempt left unfinished. */
async function prepare(
  run: RunRow,
  { draft }: RunOptions,
  journal: Journal,
  dependencies: RunDependencies,
  begun: BegunWork | undefined,
) {
  const { db, agents, prompts, runTools } = dependencies;
  const agent = begun?.agent ?? (await agents.load(db, run.agent_id, draft));
  if (!agent) throw new AppError("NOT_FOUND", "error.not_found", { entity: "agent", id: run.agent_key });
  const tools = await runTools.load(db, { agent, userId: run.user_id });
  const loadPrompt = (messages: readonly Message[]) =>
    prompts.load(db, {
      agent,
      userId: run.user_id,
      sessionId: run.session_id,
      message: headOfTexts(textsOf(messages.findLast(({ role }) => role === "user")?.parts ?? []), LIMITS.previewChars),
      hasTool: (name) => tools.find(name) !== undefined,
    });
  if (begun?.transcript) {
    const { transcript } = begun;
    const prompt = await loadPrompt(transcript);
    return { agent, prompt, tools, session: NEW_SESSION, transcript, turns: [] };
  }

  const session = await readSession(run.session_id, db);
  if (!session) throw new AppError("NOT_FOUND", "error.not_found", { entity: "session", id: run.session_key });
  const path = await readTranscript(db.read, session.head_id);
  const unfinished = run.attempt > 1 ? await findUnfinishedMessage(run, db) : undefined;
  if (unfinished !== undefined) await journal.resetMessage(unfinished);
  const turns = path.filter(({ run_id }) => run_id === run.id);
  const prompt = await loadPrompt(path);
  return { agent, prompt, tools, session, transcript: applySummary(path, session), turns };
}

/** The label and summary of a session that holds only the messages with which the run began. */
const NEW_SESSION = { label: "", summary_until_id: null };

const readSession = (id: string, db: TenantDatabase) =>
  db.read
    .selectFrom("sessions")
    .select(["head_id", "label", "summary", "summary_until_id"])
    .where("id", "=", id)
    .executeTakeFirst();

async function findUnfinishedMessage({ id }: RunRow, { read }: TenantDatabase): Promise<string | undefined> {
  const last = await readLastMessageEvent(read, id);
  return last?.type === "message.started" ? last.messageId : undefined;
}
