import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { toBit, toJson } from "#db/values.ts";
import { providerCreated } from "#features/providers/events.ts";
import { lockProviderByName, toProvider } from "#features/providers/repository.ts";
import { requireAllowedBase } from "#features/providers/require-allowed-base.ts";
import { requireOnlyCli } from "#features/providers/require-only-cli.ts";
import type { CreateProviderInput, Provider } from "#features/providers/schema.ts";
import { requireKeysToStay, sealKeys } from "#features/providers/seal-keys.ts";

export async function createProvider(ctx: Context, input: CreateProviderInput): Promise<Provider> {
  const apiBase = input.api_base?.trim() ?? "";
  const settings = input.settings ?? {};
  await requireAllowedBase(ctx, { type: input.provider_type, apiBase, settings });

  return mutate(ctx, providerCreated, async (queries) => {
    const existing = await lockProviderByName(queries, input.name);
    if (existing && !isUpsert(input.upsert)) throw alreadyExists("provider", input.name);

    const now = toTimestamp(ctx.clock.now());
    const place = existing ?? { id: newId(), tenant_id: ctx.tenantId };
    await requireOnlyCli(queries, input.provider_type, place.id);
    const keys = sealKeys(input, existing ?? place, ctx.use(secretBox));
    const row: LlmProvidersTable = {
      id: place.id,
      tenant_id: ctx.tenantId,
      name: input.name,
      display_name: input.display_name ?? "",
      provider_type: input.provider_type,
      api_base: apiBase,
      api_key: existing?.api_key ?? "",
      api_keys: existing?.api_keys ?? "[]",
      ...keys.changed,
      enabled: toBit(input.enabled),
      settings: toJson(settings),
      created_at: existing?.created_at ?? now,
      updated_at: now,
    };
    if (existing) requireKeysToStay(keys, existing, row);
    await (existing
      ? queries.updateTable("llm_providers").set(row).where("id", "=", row.id).execute()
      : queries.insertInto("llm_providers", row).execute());
    return { entityId: row.id, value: toProvider(row), details: { name: row.name, type: row.provider_type } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("provider", input.name) : thrown;
  });
}

const isUpsert = (upsert: CreateProviderInput["upsert"]): boolean =>
  upsert === true || upsert === "true" || upsert === "1";
