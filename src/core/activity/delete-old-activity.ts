import { toTimestamp } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import type { SystemDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** The number of rows that one transaction deletes. A larger transaction would delay other writers. */
const ROWS_AT_ONCE = 500;

/**
 * Deletes the rows of activity logs that are older than a time. The rest remains a whole chain, because its tenant's
 * head remembers the last hash that is gone.
 */
export async function deleteOldActivity(system: SystemDatabase, before: Date): Promise<void> {
  const tenants = await system.read.selectFrom("activity_heads").select("tenant_id").execute();
  for (const { tenant_id: tenantId } of tenants) while (await trim(system, tenantId, toTimestamp(before)));
  await system.write((queries) =>
    queries.deleteFrom("activity_logs").where("seq", "=", 0).where("created_at", "<", toTimestamp(before)).execute(),
  );
}

/** Deletes the oldest rows of a tenant, and returns whether there may be more. */
const trim = (system: SystemDatabase, tenantId: TenantId, before: string): Promise<boolean> =>
  system.write(async (queries) => {
    const tenant = system.scope(queries, tenantId);
    const head = await tenant.selectForUpdate("activity_heads").selectAll().executeTakeFirst();
    if (!head) return false;
    const last = await findLastOld(tenant, head.trimmed_seq, before);
    if (!last) return false;
    await tenant.deleteFrom("activity_logs").where("seq", ">", head.trimmed_seq).where("seq", "<=", last.seq).execute();
    const trimmed = { trimmed_seq: last.seq, trimmed_hash: last.hash };
    await tenant.updateTable("activity_heads").set(trimmed).execute();
    return true;
  });

/** Returns the last row of the next batch. Rows behind a younger one stay, because a chain has no gaps. */
async function findLastOld(queries: TenantQueries, trimmed: number, before: string) {
  const rows = await queries
    .selectForUpdate("activity_logs")
    .select(["seq", "hash", "created_at"])
    .where("seq", ">", trimmed)
    .orderBy("seq")
    .limit(ROWS_AT_ONCE)
    .execute();
  const young = rows.findIndex(({ created_at }) => created_at >= before);
  return young === -1 ? rows.at(-1) : rows[young - 1];
}
