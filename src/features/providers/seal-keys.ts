import { invalidField } from "#base/errors.ts";
import { MASK, Secret } from "#base/secret.ts";
import type { SecretBox } from "#base/secret-box.ts";
import { type Destination, requireSameDestination } from "#core/require-same-destination.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { fromJson, toJson } from "#db/values.ts";
import { apiKeyPlace, furtherKeysPlace } from "#features/providers/repository.ts";
import type { CreateProviderInput, ProviderSettings } from "#features/providers/schema.ts";

type SentKeys = Pick<CreateProviderInput, "api_key" | "api_keys">;
type KeyColumns = Pick<LlmProvidersTable, "api_key" | "api_keys">;

/** The keys of a request, sealed for their row. */
export interface SealedKeys {
  /** The columns that the request changes. */
  readonly changed: Partial<KeyColumns>;
  /** The request fields of the row's keys that stay. */
  readonly kept: readonly string[];
}

/**
 * Seals the keys of a request. An absent, empty or masked key keeps the stored one of its place. Throws 400 if there is
 * none.
 */
export function sealKeys(
  sent: SentKeys,
  row: Pick<LlmProvidersTable, "id" | "tenant_id"> & Partial<KeyColumns>,
  secretBox: SecretBox,
): SealedKeys {
  const storedFurther = fromJson<readonly string[]>(row.api_keys ?? "[]");
  const apiKey = findNewKey(sent.api_key);
  const further = sent.api_keys?.map((text, index) => {
    const key = findNewKey(text);
    const stored = storedFurther[index];
    if (key === undefined && stored === undefined) throw invalidField(`api_keys.${index}`, "a key");
    return key === undefined ? stored : secretBox.seal(new Secret(key), furtherKeysPlace(row));
  });
  return {
    changed: {
      ...(apiKey !== undefined && { api_key: secretBox.seal(new Secret(apiKey), apiKeyPlace(row)) }),
      ...(further && { api_keys: toJson(further) }),
    },
    kept: [
      ...(apiKey === undefined && row.api_key ? ["api_key"] : []),
      ...(further ?? storedFurther).flatMap((key, index) => (key === storedFurther[index] ? `api_keys.${index}` : [])),
    ],
  };
}

/** Returns the new key of a request, or undefined if the request keeps the stored key. */
function findNewKey(input: string | null | undefined): string | undefined {
  const key = input?.trim();
  return key && key !== MASK ? key : undefined;
}

/** The columns of a provider that say where its keys go. */
type Place = Pick<LlmProvidersTable, "provider_type" | "api_base" | "settings">;

/** Throws 400 if a stored key would be sent to another place than the one that it was stored for. */
export const requireKeysToStay = ({ kept }: SealedKeys, before: Place, after: Place): void =>
  requireSameDestination({ kept, before: destinationOf(before), after: destinationOf(after) });

function destinationOf({ provider_type, api_base, settings }: Place): Destination {
  const { embedding, project_id, region } = fromJson<ProviderSettings>(settings);
  return {
    provider_type,
    api_base,
    "settings.embedding.api_base": embedding?.api_base ?? "",
    "settings.project_id": project_id ?? "",
    "settings.region": region ?? "",
  };
}
