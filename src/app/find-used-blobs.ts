import type { TenantId } from "#base/ids.ts";
import type { Database } from "#db/database.ts";

/**
 * Returns those of a tenant's blobs that a message, an upload or a skill names. Messages to chats count while they are on
 * their way, or may be sent again.
 */
export const createUsedBlobFinder =
  (database: Database) =>
  async (tenantId: TenantId, ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const { read } = database.forTenant(tenantId);
    const found = await Promise.all([
      read.selectFrom("message_blobs").select("blob").where("blob", "in", ids).distinct().execute(),
      read.selectFrom("media").select("blob").where("blob", "in", ids).distinct().execute(),
      read.selectFrom("skill_versions").select("blob").where("blob", "in", ids).distinct().execute(),
    ]);
    const outgoing = read
      .selectFrom("channel_outbound")
      .select("content")
      .where((row) => row.or([row("ended_at", "is", null), row("state", "in", ["failed", "uncertain"])]));
    const texts = await outgoing.where("content", "like", '%"blob":%').execute();
    const isNeeded = (id: string) => texts.some(({ content }) => content.includes(id));
    return new Set([...found.flat().map(({ blob }) => blob), ...ids.filter(isNeeded)]);
  };
