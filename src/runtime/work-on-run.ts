import { SECOND } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import type { TenantId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import type { Database, TenantDatabase } from "#db/database.ts";
import { fromJson } from "#db/values.ts";
import type { BegunRun } from "#runtime/accept-run.ts";
import { claimRun, type RunRow } from "#runtime/claim-run.ts";
import type { RunEnd } from "#runtime/end-run.ts";
import { Journal } from "#runtime/journal.ts";
import { LeaseLostError } from "#runtime/lease.ts";
import type { LiveRun } from "#runtime/live-run.ts";
import type { RunnableAgent } from "#runtime/ports.ts";
import { RunAttempt } from "#runtime/run-attempt.ts";
import type { EngineDependencies, RunDependencies } from "#runtime/run-dependencies.ts";
import { fromAppError, runError } from "#runtime/run-error.ts";
import { INTERRUPTED, runLoop } from "#runtime/run-loop.ts";
import type { RunOptions } from "#runtime/run-options.ts";
import { NO_USAGE } from "#runtime/run-schema.ts";
import { fromSummary, readTranscript } from "#runtime/transcript.ts";
import { sumUsage } from "#runtime/usage-store.ts";
import { readLastMessageEvent } from "#runtime/write-events.ts";

export interface WorkSettings {
  /** This process among all: the owner of its leases. */
  readonly owner: string;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
}

/** A run to work on, and how this process came to it. */
export interface Work {
  readonly tenantId: TenantId;
  readonly runId: string;
  /** Taken over from a process that died or left. */
  readonly isRecovery: boolean;
  /** Set when the first attempt began with the run's acceptance. */
  readonly begun?: BegunWork | undefined;
}

/** A run that has begun, and what it works with. */
export interface BegunWork extends BegunRun {
  readonly agent: RunnableAgent;
}

export interface WorkContext {
  readonly database: Database;
  readonly dependencies: EngineDependencies;
  readonly settings: WorkSettings;
  /** The live side of the run, made if nobody follows it yet. */
  readonly openLive: (work: Work, lastSeq: number) => LiveRun;
  /** The request behind a run, for the log. */
  readonly requestIdOf: (runId: string) => string | undefined;
  readonly isLeaving: (run: RunRow) => boolean;
  readonly onNextRun: (work: Work) => void;
}

/**
 * Works on a run until it ends or has to be left to its next owner. Never throws: a lost lease or database means that
 * somebody else, or a later look at expired leases, goes on.
 */
export async function workOnRun(work: Work, context: WorkContext): Promise<void> {
  const { database, dependencies, settings } = context;
  const db = database.forTenant(work.tenantId);
  const { clock, failpoints } = dependencies;
  const { runId, tenantId } = work;
  const own = ownDependencies(dependencies, db, { requestId: context.requestIdOf(runId), tenantId, runId });
  try {
    const claim = work.begun ?? (await claimRun(db, work.runId, settings.owner, clock.now()));
    if (!claim) return;
    const { run } = claim;
    const live = context.openLive(work, run.last_seq - 1);
    if ("events" in claim) live.commit(claim.events);
    failpoints.pass("run.claimed");
    const lease = { runId: run.id, attempt: run.attempt, owner: settings.owner };
    const begunMessageId = work.begun?.messageId;
    const journal = new Journal({ db, lease, sessionId: run.session_id, live, clock, begunMessageId });
    await attempt(work, run, journal, live, own, context);
  } catch (thrown) {
    const isExpected =
      thrown instanceof LeaseLostError || (thrown instanceof AppError && thrown.code === "UNAVAILABLE");
    const level = isExpected ? "warn" : "error";
    own.logger[level]({ error: thrown }, "let go of a run");
  }
}

/** With a logger that names the run, made when something is logged, which most runs never do. */
function ownDependencies(shared: EngineDependencies, db: TenantDatabase, names: object): RunDependencies {
  let own: Logger | undefined;
  return {
    ...shared,
    db,
    get logger() {
      own ??= shared.logger.child(names);
      return own;
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
  const { timeoutSeconds } = context.settings;
  const { metrics } = dependencies;
  const totals = run.attempt > 1 ? await sumUsage(dependencies.db.read, run.id) : NOTHING_USED;
  const onNextRun = (runId: string) => context.onNextRun({ tenantId: work.tenantId, runId, isRecovery: false });
  const endAs = async (end: RunEnd) => {
    const ending = await journal.end(end, totals);
    if (ending.isEnded) metrics.runsEnded.inc({ status: end.status, kind: run.kind });
    if (ending.isEnded && ending.next !== undefined) onNextRun(ending.next);
  };

  const hopeless = endBeforeStart(work, run, context.settings);
  if (hopeless) return endAs(hopeless);
  const timer = setTimeout(() => live.stop({ kind: "timeout" }), timeoutSeconds * SECOND);
  metrics.runsActive.inc();
  try {
    const start = await prepare(run, journal, dependencies, work.begun);
    const tools = await dependencies.runTools.load(dependencies.db, start.agent);
    const isLeaving = () => context.isLeaving(run);
    const ports = new RunAttempt(dependencies, {
      ...start,
      tools,
      run,
      totals,
      journal,
      live,
      isLeaving,
      onNextRun,
      signal: live.signal,
    });
    const { maxIterations } = start.agent;
    const callsMade = start.turns.filter(({ role }) => role === "assistant").length;
    const isResumable = run.is_resumable === 1;
    await runLoop(ports, { callsMade, maxIterations, timeoutSeconds, isResumable }, live.signal);
  } catch (thrown) {
    if (thrown instanceof LeaseLostError) throw thrown;
    if (!(thrown instanceof AppError)) {
      dependencies.logger.error({ error: thrown }, "a run failed unexpectedly");
      await endAs({ status: "failed", error: runError("INTERNAL", "error.run_internal", {}) });
    } else if (thrown.options.reason === "database") {
      throw thrown;
    } else {
      await endAs({ status: "failed", error: fromAppError(thrown) });
    }
  } finally {
    clearTimeout(timer);
    metrics.runsActive.dec();
  }
}

const NOTHING_USED = { usage: NO_USAGE, cost: 0 };

/** How a run ends that must not be worked on any more. */
function endBeforeStart(work: Work, run: RunRow, { maxAttempts }: WorkSettings): RunEnd | undefined {
  if (run.cancel_reason !== null) return { status: "cancelled", reason: run.cancel_reason };
  if (work.isRecovery && run.is_resumable === 0) return { status: "failed", error: INTERRUPTED };
  if (run.deaths >= maxAttempts) {
    const error = runError("INTERNAL", "error.run_crashed", { attempts: run.deaths }, { reason: "crashed" });
    return { status: "failed", error };
  }
  return undefined;
}

/** Reads what the attempt works with, and takes back a message that the last attempt had begun. */
async function prepare(run: RunRow, journal: Journal, { db, agents }: RunDependencies, begun: BegunWork | undefined) {
  const agent = begun?.agent ?? (await agents.load(db, run.agent_id));
  if (!agent) throw new AppError("NOT_FOUND", "error.not_found", { entity: "agent", id: run.agent_key });
  const options = fromJson<RunOptions>(run.options);
  if (begun?.transcript) return { agent, session: NEW_SESSION, transcript: begun.transcript, turns: [], options };

  const session = await readSession({ id: run.session_id }, db);
  if (!session) throw new AppError("NOT_FOUND", "error.not_found", { entity: "session", id: run.session_key });
  const path = await readTranscript(db.read, session.head_id);
  const lost = run.attempt > 1 ? await findBegunMessage(run, db) : undefined;
  if (lost !== undefined) await journal.resetMessage(lost);
  const turns = path.filter(({ run_id }) => run_id === run.id);
  return { agent, session, transcript: fromSummary(path, session), turns, options };
}

/** What a session says that has nothing but what the run began with. */
const NEW_SESSION = { label: "", summary_until_id: null };

const readSession = ({ id }: { readonly id: string }, db: RunDependencies["db"]) =>
  db.read
    .selectFrom("sessions")
    .select(["head_id", "label", "summary", "summary_until_id"])
    .where("id", "=", id)
    .executeTakeFirst();

async function findBegunMessage({ id }: RunRow, { read }: RunDependencies["db"]): Promise<string | undefined> {
  const last = await readLastMessageEvent(read, id);
  return last?.type === "message.started" ? last.messageId : undefined;
}
