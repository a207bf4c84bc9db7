import { toTimestamp } from "#base/clock.ts";
import type { SystemDatabase } from "#db/database.ts";

/** Deletes uploads that are older than a time. Messages that name them keep their content. */
export async function deleteOldMedia(system: SystemDatabase, before: Date): Promise<void> {
  await system.write((queries) => queries.deleteFrom("media").where("created_at", "<", toTimestamp(before)).execute());
}
