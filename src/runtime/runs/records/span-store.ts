import { toTimestamp } from "#base/clock.ts";
import { idBound } from "#base/ids.ts";
import type { SystemDatabase } from "#db/database.ts";
import { insertRows } from "#db/insert-rows.ts";
import type { SpansTable } from "#db/record-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { chunk } from "#db/values.ts";

export type SpanRow = Omit<SpansTable, "tenant_id">;

/** The database keeps a prepared statement for each number of rows up to this. */
const ROWS_AT_ONCE = 32;

export async function insertSpans(queries: TenantQueries, spans: readonly SpanRow[]): Promise<void> {
  for (const rows of chunk(spans, ROWS_AT_ONCE)) await insertRows(queries, "spans", rows);
}

/** Deletes what the spans of a session's runs show of its texts. */
export async function deleteSpanTexts(queries: TenantQueries, sessionId: string): Promise<void> {
  await queries
    .updateTable("spans")
    .set({ input_preview: "", output_preview: "" })
    .where("trace_id", "in", queries.selectFrom("runs").select("trace_id").where("session_id", "=", sessionId))
    .execute();
}

/** The number of traces whose spans one transaction deletes. A larger transaction would delay other writers. */
const TRACES_AT_ONCE = 100;

/**
 * Deletes the spans of traces that began before a time. The id of a trace is that of its run, and ids sort by time. So
 * young traces are not read.
 */
export async function deleteOldSpans(system: SystemDatabase, before: Date): Promise<void> {
  const bound = idBound(before).replaceAll("-", "");
  let ids: readonly string[];
  do {
    const found = await system.read
      .selectFrom("spans")
      .select("trace_id")
      .distinct()
      .where("trace_id", "<", bound)
      .where("started_at", "<", toTimestamp(before))
      .orderBy("trace_id")
      .limit(TRACES_AT_ONCE)
      .execute();
    ids = found.map(({ trace_id }) => trace_id);
    const batch = ids;
    if (batch.length > 0)
      await system.write((queries) => queries.deleteFrom("spans").where("trace_id", "in", batch).execute());
  } while (ids.length === TRACES_AT_ONCE);
}
