import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { serverDeleted } from "#features/mcp/events.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

/** Deletes a server with its grants, requests and the credentials of users. Its connections end. */
export async function deleteServer(ctx: Context, input: { readonly id: string }): Promise<void> {
  await mutate(ctx, serverDeleted, async (queries) => {
    const { id, name } = await lockServerRow(queries, input.id);
    await queries.deleteFrom("mcp_servers").where("id", "=", id).execute();
    return { entityId: id, value: undefined, details: { name } };
  });
}
