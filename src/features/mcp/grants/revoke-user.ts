import { toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { isUserId, toIdentity } from "#core/access/identity.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { fromBit, toBit } from "#db/values.ts";
import { userRevoked } from "#features/mcp/events.ts";
import { REVOKED } from "#features/mcp/grants/schema.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

interface UserGrantReference {
  readonly id: string;
  readonly user_id: string;
}

/**
 * Takes a server from one user, whatever agents the user works with. The refusal is stored, because a user of whom
 * nothing is stored may use what the agent may use. A new grant removes it.
 */
export async function revokeUser(ctx: Context, { id, user_id: written }: UserGrantReference): Promise<typeof REVOKED> {
  const user_id = toIdentity(written);
  return mutate(ctx, userRevoked, async (queries) => {
    const server = await lockServerRow(queries, id);
    if (!isUserId(user_id)) return { unchanged: REVOKED };
    const created_at = toTimestamp(ctx.clock.now());
    const grant = { server_id: server.id, user_id, enabled: toBit(true), tool_allow: null, tool_deny: null };
    const row = await queries.insertOrLock(
      "mcp_user_grants",
      { id: newId(), ...grant, granted_by: ctx.userId, created_at },
      ["server_id", "user_id"],
    );
    if (!fromBit(row.enabled)) return { unchanged: REVOKED };
    await queries
      .updateTable("mcp_user_grants")
      .set({ enabled: toBit(false) })
      .where("id", "=", row.id)
      .execute();
    return { entityId: server.id, value: REVOKED, details: { name: server.name, user_id } };
  });
}
