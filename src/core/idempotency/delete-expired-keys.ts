import { toTimestamp } from "#base/clock.ts";
import type { SystemDatabase } from "#db/database.ts";

/** The number of keys that one transaction deletes. A larger transaction would delay other writers. */
const BATCH_SIZE = 100;

/** Deletes expired idempotency keys. */
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
              .limit(BATCH_SIZE)
              .$asTuple("tenant_id", "principal", "route", "key"),
          ),
        )
        .executeTakeFirst(),
    );
    deleted = Number(numDeletedRows);
  } while (deleted === BATCH_SIZE);
}
