import { failedPrecondition, notFound } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { findAgentsById } from "#features/agents/index.ts";
import type { Session } from "#features/sessions/schema.ts";
import { toSession } from "#features/sessions/to-session.ts";
import { lockSession, type SessionRow } from "#runtime/transcript/index.ts";

/** Selects the sessions that the caller may see. Administrators see all of the tenant, other callers their own. */
export const visibleSessions = (ctx: Context, queries: TenantReads = ctx.db.read) =>
  queries.selectFrom("sessions").$if(!hasRole(ctx, "admin"), (query) => query.where("user_id", "=", ctx.userId));

export async function getSessionRow(ctx: Context, key: string): Promise<SessionRow> {
  const row = await visibleSessions(ctx).selectAll().where("key", "=", key).executeTakeFirst();
  if (!row) throw notFound("session", key);
  return row;
}

/** Reads a session and locks its row until the transaction ends. Throws `NOT_FOUND` if the caller may not see it. */
export async function lockSessionRow(ctx: Context, queries: TenantQueries, key: string): Promise<SessionRow> {
  const row = await lockSession(queries, key);
  if (!row || !(hasRole(ctx, "admin") || row.user_id === ctx.userId)) throw notFound("session", key);
  return row;
}

/** Throws `FAILED_PRECONDITION` while a run uses the session, because the run would write to changed messages. */
export function requireIdle({ key, active_run_id }: SessionRow): void {
  if (active_run_id !== null) throw sessionBusy(key);
}

export const sessionBusy = (key: string) =>
  failedPrecondition("error.session_busy", { key }, "session_busy", { retryable: true });

export async function toSessions(queries: TenantReads, rows: readonly SessionRow[]): Promise<Session[]> {
  const agents = await findAgentsById(queries, [...new Set(rows.map(({ agent_id }) => agent_id))]);
  return rows.map((row) => toSession(row, agents.get(row.agent_id)));
}

/** Returns the wire form of one session. */
export async function describeSession(queries: TenantReads, row: SessionRow): Promise<Session> {
  const agents = await findAgentsById(queries, [row.agent_id]);
  return toSession(row, agents.get(row.agent_id));
}
