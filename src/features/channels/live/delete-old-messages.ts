import { DAY, toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { SystemDatabase } from "#db/database.ts";

/** Rows that one transaction deletes, so that nobody waits for a large one. */
const BATCH = 500;

/** Deletes old messages of all tenants' chats, and codes that nobody approved. What still waits stays. */
export async function deleteOldChatMessages(system: SystemDatabase, now: Date): Promise<void> {
  const before = toTimestamp(new Date(now.getTime() - LIMITS.channelRetention));
  const { read } = system;
  await deleteAll(
    system,
    "channel_inbound",
    read.selectFrom("channel_inbound").select("id").where("received_at", "<", before),
  );
  await deleteAll(
    system,
    "channel_outbound",
    read.selectFrom("channel_outbound").select("id").where("ended_at", "<", before),
  );
  const expired = toTimestamp(new Date(now.getTime() - DAY));
  await deleteAll(
    system,
    "channel_pairings",
    read.selectFrom("channel_pairings").select("id").where("status", "=", "pending").where("expires_at", "<", expired),
  );
}

interface OldRows {
  limit(count: number): { execute(): Promise<readonly { readonly id: string }[]> };
}

async function deleteAll(
  system: SystemDatabase,
  table: "channel_inbound" | "channel_outbound" | "channel_pairings",
  old: OldRows,
): Promise<void> {
  for (;;) {
    const rows = await old.limit(BATCH).execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await system.write((queries) => queries.deleteFrom(table).where("id", "in", ids).execute());
    if (ids.length < BATCH) return;
  }
}
