import type { SessionsTable } from "#db/run-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { searchTextOf, withSearchText } from "#runtime/transcript/search-text.ts";
import type { SessionRow } from "#runtime/transcript/session-store.ts";

/**
 * Changes a session's label and metadata. `metadata` is JSON text. The session then ends by no retention. The caller holds
 * the session's lock.
 */
export async function updateSessionFacts(
  queries: TenantQueries,
  session: Pick<SessionRow, "id" | "key" | "user_id">,
  facts: Pick<SessionRow, "label" | "metadata">,
  now: string,
): Promise<void> {
  const search_text = searchTextOf({ ...session, ...facts });
  await change(queries, session.id, { ...facts, search_text, is_named: 1, updated_at: now });
}

/** Labels a session that has no label yet. Resolves to true if it did. */
export async function labelSession(queries: TenantQueries, id: string, label: string): Promise<boolean> {
  const session = await queries
    .selectForUpdate("sessions")
    .select(["key", "user_id"])
    .where("id", "=", id)
    .where("label", "=", "")
    .executeTakeFirst();
  if (!session) return false;
  await change(queries, id, { label, search_text: searchTextOf({ ...session, label }) });
  return true;
}

/** Resets a session to an empty transcript. Its messages stay, because branches may need them. */
export async function resetTranscript(queries: TenantQueries, id: string, now: string): Promise<void> {
  await change(queries, id, {
    head_id: null,
    summary: "",
    summary_until_id: null,
    compaction_count: 0,
    message_count: 0,
    text_bytes: 0,
    updated_at: now,
  });
}

/** A summary that replaces a session's messages up to one of them. */
export interface StoredSummary {
  readonly summary: string;
  /** The id of the last message that it covers. */
  readonly summary_until_id: string;
  /** The size in bytes of the text that the model reads from now on. */
  readonly text_bytes: number;
}

/** Stores a summary. The caller holds the session's lock. */
export async function storeSummary(
  queries: TenantQueries,
  { id, compaction_count }: Pick<SessionRow, "id" | "compaction_count">,
  summary: StoredSummary,
  now: string,
): Promise<void> {
  await change(queries, id, { ...summary, compaction_count: compaction_count + 1, updated_at: now });
}

/** Stores a session that continues from a message of another one. */
export async function insertBranch(queries: TenantQueries, branch: SessionRow): Promise<void> {
  await queries.insertInto("sessions", withSearchText(branch)).execute();
}

async function change(queries: TenantQueries, id: string, values: Partial<SessionsTable>): Promise<void> {
  await queries.updateTable("sessions").set(values).where("id", "=", id).execute();
}
