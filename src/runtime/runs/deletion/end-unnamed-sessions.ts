import { toTimestamp } from "#base/clock.ts";
import { idBound } from "#base/ids.ts";
import type { SystemDatabase } from "#db/database.ts";
import { deleteRunTexts } from "#runtime/runs/deletion/delete-run-texts.ts";
import { deleteTranscript } from "#runtime/transcript/index.ts";

/** The number of sessions that one query finds. Each is deleted in a transaction of its own. */
const SESSIONS_AT_ONCE = 100;

/**
 * Deletes sessions that no caller named and that were last used before a time, with the texts of their runs. Ids sort
 * by time, so younger sessions are not read. Returns how many were deleted.
 */
export async function endUnnamedSessions(system: SystemDatabase, before: Date): Promise<number> {
  let deleted = 0;
  let after = "";
  for (;;) {
    const found = await system.read
      .selectFrom("sessions")
      .select(["id", "tenant_id", "updated_at", "active_run_id"])
      .where("is_named", "=", 0)
      .where("id", ">", after)
      .where("id", "<", idBound(before))
      .orderBy("id")
      .limit(SESSIONS_AT_ONCE)
      .execute();
    const idle = found.filter((row) => row.active_run_id === null && row.updated_at < toTimestamp(before));
    for (const { id, tenant_id } of idle) {
      await system.write(async (queries) => {
        const tenant = system.scope(queries, tenant_id);
        await deleteTranscript(tenant, id);
        await deleteRunTexts(tenant, id);
      });
    }
    deleted += idle.length;
    after = found.at(-1)?.id ?? "";
    if (found.length < SESSIONS_AT_ONCE) return deleted;
  }
}
