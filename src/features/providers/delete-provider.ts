import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { providerDeleted } from "#features/providers/events.ts";
import { lockProviderRow } from "#features/providers/repository.ts";

/** Deletes a provider. Its agents keep its name and can run again when a provider with that name exists. */
export async function deleteProvider(ctx: Context, input: { readonly id: string }): Promise<void> {
  await mutate(ctx, providerDeleted, async (queries) => {
    const { id, name } = await lockProviderRow(queries, input.id);
    await queries.deleteFrom("llm_providers").where("id", "=", id).execute();
    return { entityId: id, value: undefined, details: { name } };
  });
}
