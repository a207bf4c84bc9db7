import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { userGranted } from "#features/mcp/events.ts";
import { putUserGrant } from "#features/mcp/grants/repository.ts";
import { GRANTED, type GrantUserInput } from "#features/mcp/grants/schema.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

/** Narrows what agents may do with a server for one user. The lists of the agent's grant apply as well. */
export async function grantUser(ctx: Context, { id, user_id, ...lists }: GrantUserInput): Promise<typeof GRANTED> {
  return mutate(ctx, userGranted, async (queries) => {
    const server = await lockServerRow(queries, id);
    const created_at = toTimestamp(ctx.clock.now());
    await putUserGrant(queries, user_id, { ...lists, server_id: server.id, granted_by: ctx.userId, created_at });
    return { entityId: server.id, value: GRANTED, details: { name: server.name, user_id } };
  });
}
