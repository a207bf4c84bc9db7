import { sql } from "kysely";
import type { Select, TenantQueries } from "#db/tenant-queries.ts";
import type { RunStatus } from "#runtime/run-schema.ts";

/** What runs have to be to be listed. */
export interface RunFilter {
  readonly agentId?: string | undefined;
  readonly sessionKey?: string | undefined;
  /** One that was asked for, and the caller where it sees no others: the run has to be of each. */
  readonly userIds: readonly string[];
  readonly status?: RunStatus | undefined;
}

const OPEN: readonly RunStatus[] = ["queued", "running", "waiting"];
const UNFINISHED: readonly RunStatus[] = ["failed", "cancelled"];
const NOT_COMPLETED = [...OPEN, ...UNFINISHED];

/**
 * The runs that match, by the index that holds the fewest others. SQLite knows nothing of how many rows an index leads
 * to, and would rather walk all runs of a tenant or a user: of a session or an agent it is given no other that fits, and
 * of the few that are open expressions, which no index knows.
 */
export function matchRuns(queries: TenantQueries, filter: RunFilter): Select<"runs"> {
  const { userIds, status } = filter;
  const user = isOpen(status) ? sql<string>`runs.user_id || ''` : "runs.user_id";
  return candidates(queries, filter)
    .$call((query) => userIds.reduce((matching, id) => matching.where(user, "=", id), query))
    .$if(status !== undefined, (query) => query.where("runs.status", "=", status ?? ""))
    .$if(isOpen(status), (query) => query.where("runs.ended_at", "is", null))
    .$if(isUnfinished(status), (query) =>
      query.where("runs.finish", "is", null).where("runs.ended_at", "is not", null),
    );
}

function candidates(queries: TenantQueries, { agentId, sessionKey, userIds, status }: RunFilter): Select<"runs"> {
  if (sessionKey !== undefined) {
    const ofSession = queries
      .selectFrom("sessions")
      .innerJoin("runs", "runs.session_id", "sessions.id")
      .where("sessions.key", "=", sessionKey);
    // Of another agent's session no run is the agent's.
    return asRuns(agentId === undefined ? ofSession : ofSession.where("sessions.agent_id", "=", agentId));
  }
  if (agentId === undefined) return queries.selectFrom("runs");
  if (userIds.length > 0 || isOpen(status) || isUnfinished(status))
    return queries.selectFrom("runs").where("runs.agent_id", "=", agentId);
  return asRuns(
    queries.selectFrom("agents").innerJoin("runs", "runs.agent_id", "agents.id").where("agents.id", "=", agentId),
  );
}

// What is asked of the runs names their table with each column, so that another one beside it changes nothing.
const asRuns = (query: unknown) => query as Select<"runs">;

const isOpen = (status: RunStatus | undefined) => OPEN.some((open) => open === status);
const isUnfinished = (status: RunStatus | undefined) => UNFINISHED.some((ended) => ended === status);

/** Newest first, which ids tell. */
export const pageOfRuns = (queries: TenantQueries, filter: RunFilter) =>
  matchRuns(queries, filter)
    .selectAll("runs")
    .orderBy(isOpen(filter.status) ? sql`runs.id || ''` : "runs.id", "desc");

/** How many there are, exactly. */
export async function countRuns(queries: TenantQueries, filter: RunFilter): Promise<number> {
  if (filter.status !== "completed" || filter.sessionKey !== undefined) return count(matchRuns(queries, filter));
  // Nearly all of them: the others are sooner counted, by indexes of their own. One statement sees one moment.
  const others = NOT_COMPLETED.map((status) => counted(matchRuns(queries, { ...filter, status })).as(status));
  const counts = await counted(matchRuns(queries, { ...filter, status: undefined }))
    .select(others)
    .executeTakeFirstOrThrow();
  return NOT_COMPLETED.reduce((left, status) => left - Number(counts[status]), Number(counts.total));
}

async function count(matching: Select<"runs">): Promise<number> {
  const { total } = await counted(matching).executeTakeFirstOrThrow();
  return Number(total);
}

const counted = (matching: Select<"runs">) => matching.select(({ fn }) => fn.countAll<number>().as("total"));
