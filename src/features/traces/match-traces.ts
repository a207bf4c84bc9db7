import { type AliasableExpression, sql } from "kysely";
import { DAY, toSortable } from "#base/clock.ts";
import { idsAround } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { containsText } from "#db/expressions/contains-text.ts";
import { jsonText } from "#db/expressions/json-text.ts";
import type { Select } from "#db/tenant-queries.ts";
import { findAgent } from "#features/agents/index.ts";
import type { TraceFilters } from "#features/traces/schema.ts";

/** Selects the runs whose traces the caller may see. Administrators see the whole tenant, other callers their own. */
export const visibleRuns = (ctx: Context): Select<"runs"> => visibleIn(ctx, ctx.db.reports.selectFrom("runs"));

const visibleIn = (ctx: Context, runs: Select<"runs">): Select<"runs"> =>
  runs.$if(!hasRole(ctx, "admin"), (query) => query.where("runs.user_id", "=", ctx.userId));

/** The runs that match filters. */
export interface MatchedTraces {
  /** Selects so many of them, newest first. */
  newest(limit: number, offset?: number): Select<"runs">;
  /** Selects the ids of so many of them, in any order. */
  ids(limit: number): AliasableExpression<{ id: string }>;
}

/** Matches runs with filters, beside the text that is searched. Undefined if an agent is unknown. */
export async function matchTraces(ctx: Context, filters: TraceFilters): Promise<MatchedTraces | undefined> {
  const { tool_name } = filters;
  const runs = ctx.db.reports.selectFrom("runs");
  if (tool_name === undefined) {
    const matching = await matchRuns(ctx, runs, filters);
    return matching && withRanges(ctx, toMatched(matching), filters);
  }
  const matching = await matchRuns(ctx, runs.where("runs.id", "=", sql.ref<string>("spans.run_id")), filters);
  return matching && withRanges(ctx, ofTool(ctx, matching, tool_name, filters), filters);
}

const toMatched = (runs: Select<"runs">): MatchedTraces => ({
  newest: (limit, offset = 0) => runs.orderBy("runs.id", "desc").limit(limit).offset(offset),
  ids: (limit) => runs.select("runs.id").limit(limit),
});

/**
 * Takes the runs of the newest calls of a tool in the time, each once. The calls come and are grouped in the order of
 * their index. So a page of a usual tool visits few of them. `matching` is the run of a call, if it matches.
 */
function ofTool(ctx: Context, matching: Select<"runs">, name: string, { from, to }: TraceFilters): MatchedTraces {
  const calls = ctx.db.reports
    .selectFrom("spans")
    .where("spans.tool_name", "=", name)
    .$if(from !== undefined, (query) => query.where("spans.run_id", ">", idsAround(new Date(from ?? "")).lowest))
    .$if(to !== undefined, (query) => query.where("spans.run_id", "<", idsAround(toEnd(to ?? "")).highest));
  const last = calls
    .select("spans.run_id")
    .orderBy("spans.run_id", "desc")
    .limit(1)
    .offset(LIMITS.tracesCompared - 1);
  const ids = (limit: number) =>
    calls
      .where("spans.run_id", ">=", sql<string>`coalesce(${last}, '')`)
      .where(({ exists }) => exists(matching.select("runs.id")))
      .select("spans.run_id as id")
      .groupBy("spans.run_id")
      .orderBy("spans.run_id", "desc")
      .limit(limit);
  return {
    ids,
    newest: (limit, offset = 0) =>
      visibleRuns(ctx).where("runs.id", "in", ids(limit).offset(offset)).orderBy("runs.id", "desc"),
  };
}

/** Selects the runs of a query that match filters. Undefined if an agent is unknown. */
export async function matchRuns(
  ctx: Context,
  from: Select<"runs">,
  filters: Omit<TraceFilters, "tool_name">,
): Promise<Select<"runs"> | undefined> {
  const { agent_id = ctx.options.agent, agent, session_key } = filters;
  const agents = await findAgentIds(ctx, agent_id, agent);
  if (agents?.length === 0) return undefined;
  const sessionId = session_key === undefined ? undefined : await findSessionId(ctx, session_key);
  const { reports } = ctx.db;
  return withStatus(visibleIn(ctx, from), filters.status)
    .$if(agents !== undefined, (query) => query.where("runs.agent_id", "in", agents ?? []))
    .$if(hasRole(ctx, "admin") && filters.user_id !== undefined, (query) =>
      query.where("runs.user_id", "=", filters.user_id ?? ""),
    )
    .$if(sessionId !== undefined, (query) => query.where("runs.session_id", "=", sessionId ?? ""))
    .$if(session_key !== undefined, (query) => query.where("runs.session_key", "=", session_key ?? ""))
    .$if(filters.channel !== undefined, (query) => query.where("runs.channel", "=", filters.channel ?? ""))
    .$if(filters.channel_query !== undefined, (query) =>
      query.where(containsText(reports.dialect, sql.ref("runs.channel"), filters.channel_query ?? "")),
    )
    .$call((query) => withWindow(query, filters));
}

/** Returns the ids of the agents that filters name. Undefined if they name none. */
async function findAgentIds(
  ctx: Context,
  reference: string | undefined,
  text: string | undefined,
): Promise<readonly string[] | undefined> {
  const named = reference === undefined ? undefined : await findAgent(ctx.db.read, reference);
  if (reference !== undefined && !named) return [];
  if (text === undefined) return named && [named.id];
  const { read } = ctx.db;
  const name = jsonText(read.dialect, "config", "display_name");
  const rows = await read
    .selectFrom("agents")
    .select("id")
    .where(({ or }) =>
      or([containsText(read.dialect, sql.ref("agent_key"), text), containsText(read.dialect, name, text)]),
    )
    .$if(named !== undefined, (query) => query.where("id", "=", named?.id ?? ""))
    .execute();
  return rows.map(({ id }) => id);
}

/** A session's runs have an index by its id. A deleted session has none, so its runs are found by their key. */
const findSessionId = async (ctx: Context, key: string): Promise<string | undefined> =>
  (await ctx.db.read.selectFrom("sessions").select("id").where("key", "=", key).executeTakeFirst())?.id;

function withStatus(runs: Select<"runs">, status: TraceFilters["status"]): Select<"runs"> {
  switch (status) {
    case undefined:
      return runs;
    case "running":
      return runs.where("runs.ended_at", "is", null);
    case "completed":
    case "success":
      return runs.where("runs.status", "=", "completed");
    case "error":
    case "cancelled":
      // Runs that did not complete have an index of their own.
      return runs
        .where("runs.status", "=", status === "error" ? "failed" : "cancelled")
        .where("runs.finish", "is", null)
        .where("runs.ended_at", "is not", null);
  }
}

/** Ids sort like times and have an index. */
function withWindow(runs: Select<"runs">, { from, to }: TraceFilters): Select<"runs"> {
  const begin = from === undefined ? undefined : new Date(from);
  const end = to === undefined ? undefined : toEnd(to);
  return runs
    .$if(begin !== undefined, (query) => query.where("runs.created_at", ">=", (begin ?? EPOCH).toISOString()))
    .$if(begin !== undefined, (query) => query.where("runs.id", ">", idsAround(begin ?? EPOCH).lowest))
    .$if(end !== undefined, (query) => query.where("runs.created_at", "<", (end ?? EPOCH).toISOString()))
    .$if(end !== undefined, (query) => query.where("runs.id", "<", idsAround(end ?? EPOCH).highest));
}

const EPOCH = new Date(0);

/** Compares the numbers of the newest runs that match otherwise. Numbers have no index, because every chat pays for one. */
function withRanges(ctx: Context, matched: MatchedTraces, filters: TraceFilters): MatchedTraces {
  const ranges = [
    ["runs.input_tokens", ">=", filters.min_input_tokens],
    ["runs.input_tokens", "<=", filters.max_input_tokens],
    ["runs.output_tokens", ">=", filters.min_output_tokens],
    ["runs.output_tokens", "<=", filters.max_output_tokens],
    ["runs.tool_calls", ">=", filters.min_tool_calls],
    ["runs.tool_calls", "<=", filters.max_tool_calls],
    ["runs.tool_calls", ">", filters.has_tool_calls === true ? 0 : undefined],
    ["runs.tool_calls", "=", filters.has_tool_calls === false ? 0 : undefined],
  ] as const;
  if (ranges.every(([, , value]) => value === undefined)) return matched;
  const newest = matched.newest(LIMITS.tracesCompared).select("runs.id");
  return toMatched(
    ranges.reduce(
      (query, [column, compare, value]) => (value === undefined ? query : query.where(column, compare, value)),
      visibleRuns(ctx).where("runs.id", "in", newest),
    ),
  );
}

/** A day is meant to its end. */
const toEnd = (to: string): Date =>
  toSortable(to.includes("T") ? new Date(to) : new Date(new Date(to).getTime() + DAY));
