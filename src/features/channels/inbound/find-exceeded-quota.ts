import { DAY, HOUR, toTimestamp } from "#base/clock.ts";
import { idsAround } from "#base/ids.ts";
import type { TenantReads } from "#db/tenant-queries.ts";

/** How many requests a user may make in chats. 0 means as many as they like. */
export interface ChatQuota {
  readonly hour: number;
  readonly day: number;
  readonly week: number;
}

export type QuotaPeriod = keyof ChatQuota;

const LENGTHS: Readonly<Record<QuotaPeriod, number>> = { hour: HOUR, day: DAY, week: 7 * DAY };

/**
 * Returns the shortest time in which a user has made as many requests as allowed. Tasks that agents hand on do not
 * count.
 */
export async function findExceededQuota(
  read: TenantReads,
  userId: string,
  quota: ChatQuota,
  now: Date,
): Promise<QuotaPeriod | undefined> {
  for (const period of ["hour", "day", "week"] as const) {
    if (quota[period] === 0) continue;
    const since = new Date(now.getTime() - LENGTHS[period]);
    const found = await read
      .selectFrom("runs")
      .select("id")
      .where("user_id", "=", userId)
      .where("id", ">", idsAround(since).lowest)
      .where("created_at", ">", toTimestamp(since))
      .where("parent_run_id", "is", null)
      .limit(quota[period])
      .execute();
    if (found.length >= quota[period]) return period;
  }
  return undefined;
}
