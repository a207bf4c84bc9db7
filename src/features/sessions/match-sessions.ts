import { sql } from "kysely";
import { foldLetters } from "#base/texts/fold-text.ts";
import { includesText } from "#db/expressions/includes-text.ts";
import type { Select, TenantReads } from "#db/tenant-queries.ts";
import { selectNamedAgents } from "#features/agents/index.ts";

/** What the sessions of a list have. Every session has an empty text. */
export interface SessionFilter {
  readonly agentId?: string | undefined;
  readonly channel?: string | undefined;
  readonly userId?: string | undefined;
  readonly text: string;
}

/** Selects those of the visible sessions that match. */
export const matchSessions = (
  queries: TenantReads,
  visible: Select<"sessions">,
  { agentId, channel, userId, text }: SessionFilter,
) =>
  visible
    .$if(agentId !== undefined, (query) => query.where("agent_id", "=", agentId ?? ""))
    .$if(channel !== undefined, (query) => query.where("channel", "=", channel ?? ""))
    .$if(userId !== undefined, (query) => query.where("user_id", "=", userId ?? ""))
    .$if(text !== "", (query) =>
      query.where(({ eb, or }) => or([hasText(queries, text), eb("agent_id", "in", selectNamedAgents(queries, text))])),
    );

const hasText = ({ dialect }: TenantReads, text: string) =>
  includesText(dialect, sql.ref("search_text"), foldLetters(text));

/** Selects the rows of sessions, the most recently used first. */
export const recentFirst = (sessions: Select<"sessions">) =>
  sessions.selectAll().orderBy("updated_at", "desc").orderBy("id", "desc");

/** Counts sessions by a column of the short indexes, because SQLite would count rows in the long one of all keys. */
export const countOf = (sessions: Select<"sessions">) =>
  sessions.select(({ fn }) => fn.count<number>("updated_at").as("total"));
