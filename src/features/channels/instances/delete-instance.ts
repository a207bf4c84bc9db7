import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { fromBit } from "#db/values.ts";
import { channelInstanceDeleted } from "#features/channels/events.ts";
import { lockInstanceRow } from "#features/channels/instances/repository.ts";

/** Deletes an instance with its messages. Its sessions stay. Throws `FAILED_PRECONDITION` for one of the configuration. */
export async function deleteInstance(ctx: Context, input: { readonly id: string }): Promise<void> {
  await mutate(ctx, channelInstanceDeleted, async (queries) => {
    const { id, name, is_default } = await lockInstanceRow(queries, input.id);
    if (fromBit(is_default)) throw failedPrecondition("error.channel_is_default", { name }, "channel_is_default");
    await queries.deleteFrom("channel_instances").where("id", "=", id).execute();
    return { entityId: id, value: undefined, details: { name } };
  });
}
