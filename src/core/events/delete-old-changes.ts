import { HOUR } from "#base/clock.ts";
import type { SystemDatabase } from "#db/database.ts";
import { databaseTime } from "#db/database-time.ts";

/** Deletes changes that every node has read or missed. */
export async function deleteOldChanges(system: SystemDatabase): Promise<void> {
  const before = databaseTime(system.dialect, -HOUR);
  await system.write((queries) => queries.deleteFrom("domain_events").where("created_at", "<", before).execute());
}
