import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { fromJson, toBit, toJson } from "#db/values.ts";
import { providerUpdated } from "#features/providers/events.ts";
import { getProviderRow, lockProviderRow } from "#features/providers/repository.ts";
import { requireAllowedBase } from "#features/providers/require-allowed-base.ts";
import { requireOnlyCli } from "#features/providers/require-only-cli.ts";
import type { UpdateProviderInput } from "#features/providers/schema.ts";
import { requireKeysToStay, sealKeys } from "#features/providers/seal-keys.ts";
import type { ProviderType } from "#models/provider-types.ts";

export async function updateProvider(ctx: Context, input: UpdateProviderInput): Promise<void> {
  const stored = await getProviderRow(ctx.db.read, input.id);
  const type = input.provider_type ?? (stored.provider_type as ProviderType);
  const changed = toChangedColumns(input);
  const isMoved = changed.provider_type !== undefined || changed.api_base !== undefined;
  await requireAllowedBase(ctx, {
    type,
    apiBase: isMoved ? (changed.api_base ?? stored.api_base) : "",
    settings: fromJson(changed.settings ?? (changed.provider_type === undefined ? "{}" : stored.settings)),
  });

  await mutate(ctx, providerUpdated, async (queries) => {
    const row = await lockProviderRow(queries, stored.id);
    const { id, name } = row;
    const keys = sealKeys(input, row, ctx.use(secretBox));
    requireKeysToStay(keys, row, { ...row, ...changed });
    if (input.provider_type) await requireOnlyCli(queries, type, id);
    await queries
      .updateTable("llm_providers")
      .set({ ...changed, ...keys.changed, updated_at: toTimestamp(ctx.clock.now()) })
      .where("id", "=", id)
      .execute();
    const details = { name, changed: Object.keys(changed), new_key: Object.keys(keys.changed).length > 0 };
    return { entityId: id, value: undefined, details };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("provider", input.name ?? stored.name) : thrown;
  });
}

/** Returns the columns that the request changes, without the key. Null empties a column. */
function toChangedColumns(input: UpdateProviderInput): Partial<LlmProvidersTable> {
  const { name, provider_type, display_name, api_base, enabled, settings } = input;
  return {
    ...(name !== undefined && { name }),
    ...(provider_type !== undefined && { provider_type }),
    ...(display_name !== undefined && { display_name: display_name ?? "" }),
    ...(api_base !== undefined && { api_base: api_base?.trim() ?? "" }),
    ...(enabled !== undefined && { enabled: toBit(enabled) }),
    ...(settings !== undefined && { settings: toJson(settings ?? {}) }),
  };
}
