import type { Context } from "#core/context.ts";
import { egress, secretBox } from "#core/platform.ts";
import { fromJson } from "#db/values.ts";
import { toProviderAccess } from "#features/providers/provider-access.ts";
import { getProviderRow } from "#features/providers/repository.ts";
import type { ProviderModels, ProviderSettings } from "#features/providers/schema.ts";
import { listModels } from "#models/list-models.ts";

/** Requests the models from the provider. Returns none if the provider does not answer or offers no list. */
export async function listProviderModels(ctx: Context, { id }: { readonly id: string }): Promise<ProviderModels> {
  const row = await getProviderRow(ctx.db.read, id);
  const access = toProviderAccess(row, { secretBox: ctx.use(secretBox), egress: ctx.use(egress) });
  const { reasoning_defaults } = fromJson<ProviderSettings>(row.settings);
  return { models: [...(await listModels(access, ctx.signal))], reasoning_defaults };
}
