import type { TenantId } from "#base/ids.ts";
import type { Database } from "#db/database.ts";

/** Returns those of a tenant's blobs that a message, an upload, a skill or a message on its way to a chat names. */
export const createUsedBlobFinder =
  (database: Database) =>
  async (tenantId: TenantId, ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const { read } = database.forTenant(tenantId);
    const found = await Promise.all([
      read.selectFrom("message_blobs").select("blob").where("blob", "in", ids).distinct().execute(),
      read.selectFrom("media").select("blob").where("blob", "in", ids).distinct().execute(),
      read.selectFrom("skill_versions").select("blob").where("blob", "in", ids).distinct().execute(),
    ]);
    const outgoing = read.selectFrom("channel_outbound").select("content").where("ended_at", "is", null);
    const texts = await outgoing.where("content", "like", '%"blob":%').execute();
    const isOnItsWay = (id: string) => texts.some(({ content }) => content.includes(id));
    return new Set([...found.flat().map(({ blob }) => blob), ...ids.filter(isOnItsWay)]);
  };
