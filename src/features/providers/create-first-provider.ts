import { toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { Secret } from "#base/secret.ts";
import type { SecretBox } from "#base/secret-box.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import { apiKeyPlace } from "#features/providers/repository.ts";
import type { ProviderType } from "#models/provider-types.ts";

export interface FirstProvider {
  readonly name: string;
  readonly displayName: string;
  readonly type: ProviderType;
  /** The base URL. Empty means the default of the provider type. */
  readonly apiBase: string;
  readonly apiKey: Secret;
  readonly secretBox: SecretBox;
  readonly now: Date;
}

/** Stores the provider that the first start detected. An existing provider with that name stays unchanged. */
export async function createFirstProvider(queries: TenantQueries, provider: FirstProvider): Promise<void> {
  const { name, displayName, type, apiBase, apiKey, secretBox, now } = provider;
  const id = newId();
  const place = apiKeyPlace({ id, tenant_id: queries.tenantId });
  await queries
    .insertInto("llm_providers", {
      id,
      name,
      display_name: displayName,
      provider_type: type,
      api_base: apiBase,
      api_key: secretBox.seal(apiKey, place),
      api_keys: "[]",
      enabled: toBit(true),
      settings: "{}",
      created_at: toTimestamp(now),
      updated_at: toTimestamp(now),
    })
    .onConflict((conflict) => conflict.columns(["tenant_id", "name"]).doNothing())
    .execute();
}
