import type { TenantQueries } from "#db/tenant-queries.ts";

/**
 * Runs outlive their session as the record of what was done and spent; what was said in them does not. Their events go
 * too, and `last_seq` with them, at which a reader would wait for more.
 */
export async function forgetRunTexts(queries: TenantQueries, sessionId: string): Promise<void> {
  const runs = queries.selectFrom("runs").select("id").where("session_id", "=", sessionId);
  await queries.deleteFrom("run_events").where("run_id", "in", runs).execute();
  await queries.deleteFrom("run_inputs").where("run_id", "in", runs).execute();
  await queries.deleteFrom("tool_calls").where("run_id", "in", runs).execute();
  await queries
    .updateTable("runs")
    .set({ input_preview: "", pending_input: null, output: null, options: "{}", last_seq: 0 })
    .where("session_id", "=", sessionId)
    .execute();
}
