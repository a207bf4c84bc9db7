import type { Context } from "#core/context.ts";
import { findAgent } from "#features/agents/index.ts";
import { countOf, matchSessions, recentFirst } from "#features/sessions/match-sessions.ts";
import { toSessions, visibleSessions } from "#features/sessions/repository.ts";
import type { ListSessionsInput, SessionList } from "#features/sessions/schema.ts";

/** Lists the sessions that the caller may see, the most recently used first. */
export async function listSessions(ctx: Context, input: ListSessionsInput): Promise<SessionList> {
  const { channel, user_id: userId, q: text, limit, offset } = input;
  const requested = input.agent_id ?? ctx.options.agent;
  const agent = requested === undefined ? undefined : await findAgent(ctx.db.read, requested);
  if (requested !== undefined && !agent) return { sessions: [], total: 0, limit, offset };

  // A search compares every session that the caller may see.
  const queries = text === "" ? ctx.db.read : ctx.db.reports;
  const matching = matchSessions(queries, visibleSessions(ctx, queries), { agentId: agent?.id, channel, userId, text });
  const rows = await recentFirst(matching).limit(limit).offset(offset).execute();
  // A page that is not full is the last one, so it tells how many there are.
  const isLast = rows.length < limit && (rows.length > 0 || offset === 0);
  const total = isLast ? offset + rows.length : Number((await countOf(matching).executeTakeFirstOrThrow()).total);
  return { sessions: await toSessions(ctx.db.read, rows), total, limit, offset };
}
