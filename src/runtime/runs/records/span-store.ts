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
