import { type SqlBool, sql } from "kysely";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { findAgent } from "#features/agents/index.ts";
import type { UsageFilters } from "#features/usage/schema.ts";
import {
  type FactFilter,
  type FactOptions,
  MEASURES,
  selectFacts,
  type UsageWindow,
  withFilter,
} from "#runtime/usage/index.ts";

/** Matches no agent: ids are never empty. */
const NO_AGENT = "";

/** Administrators see the whole tenant, other callers their own usage. An unknown agent has none. */
export async function toFilter(ctx: Context, filters: UsageFilters): Promise<FactFilter> {
  const { agent_id: named = ctx.options.agent, provider, model, channel, user_id } = filters;
  const agent_id = named === undefined ? undefined : ((await findAgent(ctx.db.read, named))?.id ?? toDeletedId(named));
  return { agent_id, provider, model, channel, user_id: hasRole(ctx, "admin") ? user_id : ctx.userId };
}

/** The usage of a deleted agent stays under its id. */
const toDeletedId = (reference: string) => reference.toLowerCase() || NO_AGENT;

/** The usage that is summed up. */
export interface Wanted {
  readonly window: UsageWindow;
  readonly filter: FactFilter;
  readonly grain: "quarter" | "day";
}

/** Selects the facts that match. */
export const matchFacts = (
  { db }: Context,
  { window, filter, grain }: Wanted,
  tells: FactOptions["tells"] = filter.user_id === undefined ? "all but users" : "users",
) => withFilter(db.reports, selectFacts(db.reports, window, { grain, tells, user: filter.user_id }), filter);

/** Selects the facts that match, for sums by time alone. A filter compares what facts name. */
export const matchTimes = (ctx: Context, wanted: Wanted) =>
  matchFacts(ctx, wanted, Object.values(wanted.filter).every((value) => value === undefined) ? "nothing" : undefined);

/** What a group of facts sums up to. A database may return large sums as text. */
export type SummedRow = Readonly<Record<(typeof MEASURES)[number] | "open", number | string | null>>;

/** The sums over a group of facts. */
export const SUMS = [...MEASURES, "open" as const].map((name) =>
  sql<number | string | null>`sum(${sql.ref(name)})`.as(name),
);

/** True for a group of facts that has usage. Sums beyond a window are taken off again, which may leave nothing. */
export const IS_USED = sql<SqlBool>`(sum(requests) > 0 or sum(llm_calls) > 0 or sum(tool_calls) > 0)`;
