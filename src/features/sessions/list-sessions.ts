import { sql } from "kysely";
import type { Context } from "#core/context.ts";
import { containsFolded } from "#db/expressions/contains-folded.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { findAgent, selectNamedAgents } from "#features/agents/index.ts";
import { toSessions, visibleSessions } from "#features/sessions/repository.ts";
import type { ListSessionsInput, SessionList } from "#features/sessions/schema.ts";

/** Lists the sessions that the caller may see, the most recently used first. */
export async function listSessions(ctx: Context, input: ListSessionsInput): Promise<SessionList> {
  const { channel, user_id, q, limit, offset } = input;
  const requested = input.agent_id ?? ctx.options.agent;
  const agent = requested === undefined ? undefined : await findAgent(ctx.db.read, requested);
  if (requested !== undefined && !agent) return { sessions: [], total: 0, limit, offset };

  // A search compares every session that the caller may see.
  const queries = q === "" ? ctx.db.read : ctx.db.reports;
  const matching = visibleSessions(ctx, queries)
    .$if(agent !== undefined, (query) => query.where("agent_id", "=", agent?.id ?? ""))
    .$if(channel !== undefined, (query) => query.where("channel", "=", channel ?? ""))
    .$if(user_id !== undefined, (query) => query.where("user_id", "=", user_id ?? ""))
    .$if(q !== "", (query) =>
      query.where(({ eb, or }) => or([hasText(queries, q), eb("agent_id", "in", selectNamedAgents(queries, q))])),
    );
  const [rows, { total }] = await Promise.all([
    matching.selectAll().orderBy("updated_at", "desc").orderBy("id", "desc").limit(limit).offset(offset).execute(),
    matching.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
  ]);
  return { sessions: await toSessions(ctx.db.read, rows), total: Number(total), limit, offset };
}

const hasText = ({ dialect }: TenantReads, text: string) =>
  containsFolded(dialect, [sql.ref("key"), sql.ref("label"), sql.ref("user_id")], text);
