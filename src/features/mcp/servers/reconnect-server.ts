import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { serverReconnected } from "#features/mcp/events.ts";
import { lockServerRow } from "#features/mcp/servers/repository.ts";

/** Ends the connections to a server on every node. The next use connects anew, even after failures. */
export async function reconnectServer(ctx: Context, input: { readonly id: string }): Promise<void> {
  await mutate(ctx, serverReconnected, async (queries) => {
    const { id, name } = await lockServerRow(queries, input.id);
    return { entityId: id, value: undefined, details: { name } };
  });
}
