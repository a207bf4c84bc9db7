import { SECOND } from "#base/clock.ts";
import { required } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { findOwnSession } from "#features/live-chat/find-session.ts";
import type { AbortChatInput, AbortChatOutput } from "#features/live-chat/schema.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { isTerminal, START } from "#runtime/runs/index.ts";

/** How long an abort waits for the end of the run. */
const WAIT_MS = 3 * SECOND;

const NOTHING: AbortChatOutput = {
  ok: true,
  aborted: false,
  stopped: false,
  forced: false,
  alreadyAborting: false,
  notFound: false,
  unauthorized: false,
  runIds: [],
};

/**
 * Stops the run of a session, or one run by its id. Those who are no administrators name the session. A run of another
 * session counts as not found for them.
 */
export async function abortChat(ctx: Context, input: AbortChatInput): Promise<AbortChatOutput> {
  const { session_key: sessionKey, run_id: runId } = input;
  const isAdmin = hasRole(ctx, "admin");
  if (sessionKey === undefined && (runId === undefined || !isAdmin)) throw required("sessionKey");
  const session = sessionKey === undefined ? undefined : await findOwnSession(ctx, sessionKey);
  if (runId === undefined) {
    if (!session?.active_run_id) return { ...NOTHING, notFound: true };
    return { ...NOTHING, ...(await abortActiveRun(ctx, session.active_run_id)) };
  }
  const run = await ctx.db.read
    .selectFrom("runs")
    .select(["id", "session_key", "ended_at"])
    .where("id", "=", runId)
    .executeTakeFirst();
  if (!run || run.ended_at !== null) return { ...NOTHING, notFound: true };
  if (sessionKey !== undefined && run.session_key !== sessionKey) {
    return { ...NOTHING, ...(isAdmin ? { unauthorized: true } : { notFound: true }) };
  }
  return { ...NOTHING, ...(await abortActiveRun(ctx, run.id)) };
}

type Aborted = Pick<AbortChatOutput, "aborted" | "stopped" | "forced" | "alreadyAborting" | "notFound" | "runIds">;

/** Asks a run to stop and waits a moment for its end. */
export async function abortActiveRun(ctx: Context, runId: string): Promise<Aborted> {
  const before = await ctx.db.read
    .selectFrom("runs")
    .select("cancel_reason")
    .where("id", "=", runId)
    .executeTakeFirst();
  const alreadyAborting = (before?.cancel_reason ?? null) !== null;
  const aborted = await ctx.use(runEngine).cancel(ctx.db, runId, `cancelled by ${ctx.userId}`);
  const stopped = aborted && (await hasEnded(ctx, runId));
  return { aborted, stopped, forced: aborted && !stopped, alreadyAborting, notFound: !aborted, runIds: [runId] };
}

async function hasEnded(ctx: Context, runId: string): Promise<boolean> {
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(WAIT_MS)]);
  try {
    for await (const { event } of ctx.use(runEngine).follow(ctx.db, runId, START, signal)) {
      if (isTerminal(event)) return true;
    }
    return true;
  } catch (thrown) {
    if (signal.aborted) return false;
    throw thrown;
  }
}
