import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { findOwnSession } from "#features/live-chat/find-session.ts";
import type { ChatStatus, SessionRef } from "#features/live-chat/schema.ts";

/** Tells whether a session is busy, and with what. */
export async function describeChat(ctx: Context, { session_key: key }: SessionRef): Promise<ChatStatus> {
  const session = await findOwnSession(ctx, key);
  if (!session) throw notFound("session", key);
  const { active_run_id: runId } = session;
  if (runId === null) return { isRunning: false, runId: "", activity: null };
  const [running, turns] = await Promise.all([
    ctx.db.read
      .selectFrom("tool_calls")
      .select("name")
      .where("run_id", "=", runId)
      .where("state", "=", "running")
      .executeTakeFirst(),
    ctx.db.read
      .selectFrom("messages")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("session_id", "=", session.id)
      .where("run_id", "=", runId)
      .where("role", "=", "assistant")
      .executeTakeFirst(),
  ]);
  const iteration = Number(turns?.count ?? 0);
  const activity = { phase: running ? "tool_exec" : "thinking", tool: running?.name ?? "", iteration };
  return { isRunning: true, runId, activity };
}
