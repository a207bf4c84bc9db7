import type { Select, TenantReads } from "#db/tenant-queries.ts";
import type { Dimension } from "#runtime/usage/fact-columns.ts";

/** What a caller may see of a time, as equal values of columns. */
export type FactFilter = Readonly<Partial<Record<Dimension, string | undefined>>>;

/**
 * Adds a filter to a query whose rows have the columns of facts. A time narrows them further than a user or an agent,
 * all of whose runs SQLite would visit otherwise.
 */
export function withFilter<Query>({ planner }: TenantReads, query: Query, filter: FactFilter): Query {
  const wanted = Object.entries(filter).flatMap(([column, value]) => (value === undefined ? [] : [[column, value]]));
  return (wanted as [Dimension, string][]).reduce(
    // Safe: the rows have these columns, and a condition changes nothing about what a query selects.
    (narrowed, [column, value]) =>
      (narrowed as Select<"usage_users">).where(planner.withoutIndex(column), "=", value) as Query,
    query,
  );
}
