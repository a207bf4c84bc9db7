import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { findCredentials } from "#features/mcp/credentials/repository.ts";
import { credentialsChanged } from "#features/mcp/events.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

/** Deletes the caller's own credentials for a server. Deleting them again changes nothing. */
export async function deleteCredentials(ctx: Context, input: { readonly id: string }): Promise<void> {
  const { userId } = ctx;
  await mutate(ctx, credentialsChanged, async (queries) => {
    const server = await lockServerRow(queries, input.id);
    if (!(await findCredentials(queries, server.id, userId))) return { unchanged: undefined };
    await queries
      .deleteFrom("mcp_user_credentials")
      .where("server_id", "=", server.id)
      .where("user_id", "=", userId)
      .execute();
    return { entityId: server.id, userId, value: undefined, details: { name: server.name, user_id: userId } };
  });
}
