import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { channelInstanceDeleted } from "#features/channels/events.ts";
import { lockChangeableRow } from "#features/channels/instances/repository.ts";

/** Deletes an instance with its messages. Its sessions stay. Throws `FAILED_PRECONDITION` for one of the configuration. */
export async function deleteInstance(ctx: Context, input: { readonly id: string }): Promise<void> {
  await mutate(ctx, channelInstanceDeleted, async (queries) => {
    const { id, name } = await lockChangeableRow(queries, input.id);
    await queries.deleteFrom("channel_instances").where("id", "=", id).execute();
    return { entityId: id, value: undefined, details: { name } };
  });
}
