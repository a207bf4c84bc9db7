import type { TenantQueries } from "#db/tenant-queries.ts";
import type { Refusal } from "#runtime/transcript/message-parts.ts";

/** Marks messages of which a provider refused something. They stay in the history. */
export async function markRefused(queries: TenantQueries, ids: readonly string[], refused: Refusal): Promise<void> {
  await queries.updateTable("messages").set({ refused }).where("id", "in", ids).execute();
}
