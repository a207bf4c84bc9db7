import { toTimestamp } from "#base/clock.ts";
import type { SystemDatabase } from "#db/database.ts";

/** Keys that one transaction deletes. A larger transaction would delay other writers. */
const KEYS_AT_ONCE = 100;

/** Deletes idempotency keys whose time has passed. */
export async function deleteExpiredKeys(system: SystemDatabase, now: Date): Promise<void> {
  let deleted: number;
  do {
    const { numDeletedRows } = await system.write((queries) =>
      queries
        .deleteFrom("idempotency_keys")
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple("tenant_id", "principal", "route", "key"),
            "in",
            selectFrom("idempotency_keys")
              .select(["tenant_id", "principal", "route", "key"])
              .where("expires_at", "<", toTimestamp(now))
              .limit(KEYS_AT_ONCE)
              .$asTuple("tenant_id", "principal", "route", "key"),
          ),
        )
        .executeTakeFirst(),
    );
    deleted = Number(numDeletedRows);
  } while (deleted === KEYS_AT_ONCE);
}
