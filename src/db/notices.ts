import { sql } from "kysely";
import { TenantQueries } from "#db/tenant-queries.ts";

/** The channel on which processes with the same Postgres wake each other. */
export const NOTICES = "goclaw_notices";

/** A subscriber to the notices of every process with the same database. */
export interface NoticeListener {
  /** `sender` is the process that sent the notice. */
  readonly onNotice: (sender: string) => void;
  /** Called when listening begins again after notices may have been lost. */
  readonly onGap: () => void;
}

/** Sends a notice when the transaction on Postgres commits. It has less than 8,000 bytes. */
export async function sendNotice(queries: TenantQueries, sender: string): Promise<void> {
  await sql`select pg_notify(${NOTICES}, ${sender})`.execute(TenantQueries.writerOf(queries).db);
}
