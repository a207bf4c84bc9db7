import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { DELETED } from "#core/wire.ts";
import { customToolDeleted } from "#features/custom-tools/events.ts";
import { lockCustomToolRow } from "#features/custom-tools/repository.ts";
import type { CustomToolPath } from "#features/custom-tools/schema.ts";

export const deleteCustomTool = (ctx: Context, { id }: CustomToolPath): Promise<typeof DELETED> =>
  mutate(ctx, customToolDeleted, async (queries) => {
    const { name, agent_id, ...row } = await lockCustomToolRow(queries, id);
    await queries.deleteFrom("custom_tools").where("id", "=", row.id).execute();
    return { entityId: row.id, value: DELETED, details: { name, agent_id } };
  });
