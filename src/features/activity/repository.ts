import { permissionDenied } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { endOf, startOf } from "#core/wire.ts";
import type { ActivityLogsTable } from "#db/record-tables.ts";
import { fromJson } from "#db/values.ts";
import type {
  ActivityBuckets,
  ActivityLog,
  AggregateActivityInput,
  ListActivityInput,
} from "#features/activity/schema.ts";

type Filters = Omit<ListActivityInput, "limit" | "offset">;

/** Selects what the caller may see. Administrators see all of the tenant, other callers what they did themselves. */
function matching(ctx: Context, { from, to, ...exact }: Filters) {
  const own = hasRole(ctx, "admin") ? {} : { actor_id: ctx.userId };
  const wanted = Object.entries({ ...exact, ...own }).filter(([, value]) => value !== undefined);
  const columns = wanted as [keyof ActivityLogsTable & string, string][];
  return columns
    .reduce((query, [column, value]) => query.where(column, "=", value), ctx.db.read.selectFrom("activity_logs"))
    .$if(from !== undefined, (query) => query.where("created_at", ">=", startOf(from ?? "")))
    .$if(to !== undefined, (query) => query.where("created_at", "<=", endOf(to ?? "")));
}

/** Lists what was changed, newest first. */
export async function listActivity(ctx: Context, { limit, offset, ...filters }: ListActivityInput) {
  const logs = matching(ctx, filters);
  const [rows, total] = await Promise.all([
    logs.selectAll().orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).offset(offset).execute(),
    countUpTo(logs, LIMITS.activityCounted),
  ]);
  return { logs: rows.map(toLog), total, limit, offset };
}

/** Counts rows up to a number, because a log grows without end and nobody reads a page beyond it. */
async function countUpTo(logs: ReturnType<typeof matching>, max: number): Promise<number> {
  return (await logs.select("id").limit(max).execute()).length;
}

const toLog = ({ details, ip_address, ...row }: ActivityLogsTable): ActivityLog => ({
  ...row,
  details: details === null ? undefined : fromJson<unknown>(details),
  ip_address: ip_address || undefined,
});

/** Counts changes by one of their fields, the most frequent first. Throws 403 for `actor_id` unless for administrators. */
export async function aggregateActivity(
  ctx: Context,
  { group_by, limit, from, to, ...exact }: AggregateActivityInput,
): Promise<ActivityBuckets> {
  if (group_by === "actor_id" && !hasRole(ctx, "admin"))
    throw permissionDenied("group_by=actor_id requires the admin role");
  const rows = await matching(ctx, { ...exact, from, to })
    .select(({ fn, ref }) => [
      ref(group_by).as("key"),
      fn.countAll<number>().as("count"),
      fn.max("created_at").as("last_seen"),
    ])
    .groupBy(group_by)
    .execute();
  const buckets = rows
    .map(({ key, count, last_seen }) => ({ key, count: Number(count), last_seen }))
    .toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  const window = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return { source: "activity", group_by, total: buckets.length, limit, buckets: buckets.slice(0, limit), ...window };
}
