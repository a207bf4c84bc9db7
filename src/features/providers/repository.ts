import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { MASK, type Secret } from "#base/secret.ts";
import type { SecretBox, SecretPlace } from "#base/secret-box.ts";
import type { Context } from "#core/context.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import type { Select, TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromBit, fromJson } from "#db/values.ts";
import type { Provider, ProviderSettings } from "#features/providers/schema.ts";

export function toProvider(row: LlmProvidersTable): Provider {
  const { display_name, api_base } = row;
  const settings = fromJson<ProviderSettings>(row.settings);
  const furtherKeys = fromJson<readonly string[]>(row.api_keys);
  return {
    ...row,
    type: row.provider_type,
    enabled: fromBit(row.enabled),
    display_name: display_name || undefined,
    api_base: api_base || undefined,
    api_key: row.api_key ? MASK : undefined,
    api_keys: furtherKeys.length > 0 ? furtherKeys.map(() => MASK) : undefined,
    settings: Object.keys(settings).length > 0 ? settings : undefined,
  };
}

type RowPlace = Pick<LlmProvidersTable, "id" | "tenant_id">;

const placeOf = (column: "api_key" | "api_keys", row: RowPlace): SecretPlace => ({
  table: "llm_providers",
  column,
  row: row.id,
  tenant: row.tenant_id,
});

/** Returns the place to which the key of a row is sealed. The key can be opened only in this row. */
export const apiKeyPlace = (row: RowPlace): SecretPlace => placeOf("api_key", row);

/** Returns the place to which the further keys of a row are sealed. */
export const furtherKeysPlace = (row: RowPlace): SecretPlace => placeOf("api_keys", row);

/** Returns the keys of a provider in their order, or one empty key. Throws if a key cannot be decrypted. */
export function openApiKeys(row: LlmProvidersTable, secretBox: SecretBox): readonly [Secret, ...Secret[]] {
  const first = secretBox.open(row.api_key, apiKeyPlace(row));
  const further = fromJson<readonly string[]>(row.api_keys).map((key) => secretBox.open(key, furtherKeysPlace(row)));
  const [only = first, ...rest] = [first, ...further].filter((key) => !key.isEmpty);
  return [only, ...rest];
}

export const findProviderByName = (queries: TenantReads, name: string): Promise<LlmProvidersTable | undefined> =>
  queries.selectFrom("llm_providers").selectAll().where("name", "=", name).executeTakeFirst();

/** Finds a provider by name and locks its row until the transaction ends. */
export const lockProviderByName = (queries: TenantQueries, name: string): Promise<LlmProvidersTable | undefined> =>
  queries.selectForUpdate("llm_providers").selectAll().where("name", "=", name).executeTakeFirst();

export const getProviderRow = (queries: TenantReads, id: string): Promise<LlmProvidersTable> =>
  getRow(queries.selectFrom("llm_providers"), id);

/** Reads a provider by id and locks its row until the transaction ends. Throws `NOT_FOUND`. */
export const lockProviderRow = (queries: TenantQueries, id: string): Promise<LlmProvidersTable> =>
  getRow(queries.selectForUpdate("llm_providers"), id);

async function getRow(rows: Select<"llm_providers">, id: string): Promise<LlmProvidersTable> {
  const row = isUuid(id) ? await rows.selectAll().where("id", "=", id.toLowerCase()).executeTakeFirst() : undefined;
  if (!row) throw notFound("provider", id);
  return row;
}

export async function listProviders(ctx: Context): Promise<Provider[]> {
  const rows = await ctx.db.read.selectFrom("llm_providers").selectAll().orderBy("name").execute();
  return rows.map(toProvider);
}
