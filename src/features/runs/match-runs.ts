import { LIMITS } from "#base/limits.ts";
import type { Select, TenantReads } from "#db/tenant-queries.ts";
import type { RunStatus } from "#runtime/runs/index.ts";

/** The conditions of a list of runs. */
export interface RunFilter {
  readonly agentId?: string | undefined;
  readonly sessionKey?: string | undefined;
  /** The requested user, and the caller if it may see only its own runs. A run must match all of them. */
  readonly userIds: readonly string[];
  readonly status?: RunStatus | undefined;
}

const OPEN: readonly RunStatus[] = ["queued", "running", "waiting"];
const UNFINISHED: readonly RunStatus[] = ["failed", "cancelled"];
const NOT_COMPLETED = [...OPEN, ...UNFINISHED];

/** Selects the matching runs. Starts from the most selective index: of a session, of an agent, or of open runs. */
export function matchRuns(queries: TenantReads, filter: RunFilter): Select<"runs"> {
  const { userIds, status } = filter;
  // The index of a user leads to all runs of that user, but only a few runs are open.
  const user = isOpen(status) ? queries.planner.withoutIndex("runs.user_id") : "runs.user_id";
  return candidates(queries, filter)
    .$call((query) => userIds.reduce((matching, id) => matching.where(user, "=", id), query))
    .$if(status !== undefined, (query) => query.where("runs.status", "=", status ?? ""))
    .$if(isOpen(status), (query) => query.where("runs.ended_at", "is", null))
    .$if(isUnfinished(status), (query) =>
      query.where("runs.finish", "is", null).where("runs.ended_at", "is not", null),
    );
}

// A join from the session or agent forces the planner to use the right index on runs.
function candidates(queries: TenantReads, { agentId, sessionKey, userIds, status }: RunFilter): Select<"runs"> {
  if (sessionKey !== undefined) {
    const ofSession = queries
      .selectFrom("sessions")
      .innerJoin("runs", "runs.session_id", "sessions.id")
      .where("sessions.key", "=", sessionKey);
    // Every run of a session belongs to the session's agent.
    return asRuns(agentId === undefined ? ofSession : ofSession.where("sessions.agent_id", "=", agentId));
  }
  if (agentId === undefined) return queries.selectFrom("runs");
  if (userIds.length > 0 || isOpen(status) || isUnfinished(status))
    return queries.selectFrom("runs").where("runs.agent_id", "=", agentId);
  return asRuns(
    queries.selectFrom("agents").innerJoin("runs", "runs.agent_id", "agents.id").where("agents.id", "=", agentId),
  );
}

// Safe: every condition names the table of its column, so a joined table changes nothing.
const asRuns = (query: unknown) => query as Select<"runs">;

const isOpen = (status: RunStatus | undefined) => OPEN.some((open) => open === status);
const isUnfinished = (status: RunStatus | undefined) => UNFINISHED.some((ended) => ended === status);

/** The columns of a listed run. Of the output, which may be long, a list shows only the beginning. */
const LISTED = [
  "runs.id",
  "runs.agent_id",
  "runs.agent_key",
  "runs.session_key",
  "runs.user_id",
  "runs.kind",
  "runs.status",
  "runs.finish",
  "runs.attempt",
  "runs.input_preview",
  "runs.error",
  "runs.answered_by",
  "runs.usage",
  "runs.cost",
  "runs.trace_id",
  "runs.parent_run_id",
  "runs.metadata",
  "runs.created_at",
  "runs.started_at",
  "runs.ended_at",
] as const;

/** Selects the runs that match, newest first. Ids sort by creation time. */
export const pageOfRuns = (queries: TenantReads, filter: RunFilter) =>
  matchRuns(queries, filter)
    .select(LISTED)
    .select(({ fn, val }) =>
      fn<string | null>("substr", ["runs.output", val(1), val(LIMITS.previewChars)]).as("output"),
    )
    .orderBy(isOpen(filter.status) ? queries.planner.withoutIndex("runs.id") : "runs.id", "desc");

/** Counts the runs that match, exactly. */
export async function countRuns(queries: TenantReads, filter: RunFilter): Promise<number> {
  if (filter.status !== "completed" || filter.sessionKey !== undefined) return count(matchRuns(queries, filter));
  // Nearly all runs are completed. The others have small indexes of their own, so they are counted and subtracted.
  // One statement reads all counts from the same snapshot.
  const others = NOT_COMPLETED.map((status) => counted(matchRuns(queries, { ...filter, status })).as(status));
  const counts = await counted(matchRuns(queries, { ...filter, status: undefined }))
    .select(others)
    .executeTakeFirstOrThrow();
  return NOT_COMPLETED.reduce((remaining, status) => remaining - Number(counts[status]), Number(counts.total));
}

async function count(matching: Select<"runs">): Promise<number> {
  const { total } = await counted(matching).executeTakeFirstOrThrow();
  return Number(total);
}

const counted = (matching: Select<"runs">) => matching.select(({ fn }) => fn.countAll<number>().as("total"));
