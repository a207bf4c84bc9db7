import { toTimestamp } from "#base/clock.ts";
import { idBound } from "#base/ids.ts";
import type { SystemDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { deleteSpanTexts } from "#runtime/runs/records/span-store.ts";

/**
 * Deletes the texts and events of a session's runs. The runs themselves stay as the record of work and cost. `last_seq`
 * is reset, because a follower would otherwise wait for the deleted events.
 */
export async function deleteRunTexts(queries: TenantQueries, sessionId: string): Promise<void> {
  const runs = queries.selectFrom("runs").select("id").where("session_id", "=", sessionId);
  await queries.deleteFrom("run_events").where("run_id", "in", runs).execute();
  await queries.deleteFrom("run_inputs").where("run_id", "in", runs).execute();
  await deleteSpanTexts(queries, sessionId);
  await queries
    .updateTable("runs")
    .set({
      input_preview: "",
      pending_input: null,
      input_message_id: null,
      output: null,
      options: "{}",
      last_seq: 0,
    })
    .where("session_id", "=", sessionId)
    .execute();
}

/** The number of runs whose events one transaction deletes. A larger transaction would delay other writers. */
const RUNS_AT_ONCE = 100;

/** Deletes the events of runs that ended before a time. Ids sort by time, so younger runs are not read. */
export async function deleteOldEvents(system: SystemDatabase, before: Date): Promise<void> {
  let ids: readonly string[];
  do {
    const found = await system.read
      .selectFrom("run_events")
      .innerJoin("runs", "runs.id", "run_events.run_id")
      .select("run_events.run_id")
      .distinct()
      .where("run_events.run_id", "<", idBound(before))
      .where("runs.ended_at", "<", toTimestamp(before))
      .orderBy("run_events.run_id")
      .limit(RUNS_AT_ONCE)
      .execute();
    ids = found.map(({ run_id }) => run_id);
    const batch = ids;
    if (batch.length > 0)
      await system.write((queries) => queries.deleteFrom("run_events").where("run_id", "in", batch).execute());
  } while (ids.length === RUNS_AT_ONCE);
}
