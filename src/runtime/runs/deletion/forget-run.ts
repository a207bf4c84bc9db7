import type { TenantDatabase } from "#db/database.ts";
import { deleteRunTexts } from "#runtime/runs/deletion/delete-run-texts.ts";
import { deleteTranscript } from "#runtime/transcript/index.ts";

/**
 * Deletes the session of an ended run, and the texts of the run. The session has only this run. The record of work and
 * cost stays. Does nothing the second time.
 */
export async function forgetRun(db: TenantDatabase, runId: string): Promise<void> {
  await db.write(async (queries) => {
    const found = await queries.selectForUpdate("runs").select("session_id").where("id", "=", runId).executeTakeFirst();
    if (!found) return;
    await deleteTranscript(queries, found.session_id);
    await deleteRunTexts(queries, found.session_id);
  });
}
