import { LRUCache } from "lru-cache";
import type { Egress } from "#base/egress/create-egress.ts";
import { failedPrecondition } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { SecretBox } from "#base/secret-box.ts";
import type { EventBus } from "#core/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { fromBit } from "#db/values.ts";
import { apiKeyPlace, findProviderByName } from "#features/providers/repository.ts";
import { createLanguageModel } from "#models/create-language-model.ts";
import { PROVIDER_TYPES, type ProviderType, providerTypeFacts } from "#models/provider-types.ts";
import type { ModelSource, OpenModel } from "#runtime/ports.ts";

export interface ModelSourceDependencies {
  readonly secretBox: SecretBox;
  readonly egress: Egress;
  readonly events: EventBus;
}

const MAX_OPEN = 1_000;

/** Opens providers' models and keeps them open; a changed provider closes all of its tenant's. */
export function createModelSource(dependencies: ModelSourceDependencies): ModelSource {
  const open = new LRUCache<string, OpenModel>({ max: MAX_OPEN, ttl: LIMITS.keyCacheTime });
  let generation = 0;
  const closeTenant = ({ tenantId }: { readonly tenantId: string }) => {
    generation++;
    for (const key of open.keys()) if (key.startsWith(`${tenantId}:`)) open.delete(key);
  };
  dependencies.events.subscribe("provider.", closeTenant);
  dependencies.events.subscribe("tenant.deleted", closeTenant);

  return {
    async open(db, providerName) {
      const key = `${db.tenantId}:${providerName}`;
      const known = open.get(key);
      if (known) return known;
      const readIn = generation;
      const opened = openModel(await requireRunnable(db, providerName), dependencies);
      // A provider that changed while we were reading must not stay open as it was.
      if (readIn === generation) open.set(key, opened);
      return opened;
    },
  };
}

type RunnableProvider = LlmProvidersTable & { readonly provider_type: ProviderType };

async function requireRunnable(db: TenantDatabase, name: string): Promise<RunnableProvider> {
  const row = await findProviderByName(db.read, name);
  if (!row) throw failedPrecondition("error.provider_not_found", { name }, "provider_not_found");
  if (!fromBit(row.enabled)) throw failedPrecondition("error.provider_disabled", { name }, "provider_disabled");
  if (!isRunnable(row)) {
    throw failedPrecondition("error.provider_unsupported", { type: row.provider_type }, "provider_unsupported");
  }
  return row;
}

// A later release may have stored a type that this one does not know.
const isRunnable = (row: LlmProvidersTable): row is RunnableProvider =>
  row.provider_type in PROVIDER_TYPES && providerTypeFacts(row.provider_type as ProviderType).wire !== "none";

function openModel(row: RunnableProvider, { secretBox, egress }: ModelSourceDependencies): OpenModel {
  const model = createLanguageModel({
    providerType: row.provider_type,
    apiBase: toDialledBase(row),
    apiKey: secretBox.open(row.api_key, apiKeyPlace(row)),
    egressFetch: egress.for("provider").fetch,
  });
  return { model, providerType: row.provider_type };
}

/** Ollama serves the OpenAI format below `/v1`, which its users leave out. */
function toDialledBase({ provider_type, api_base }: RunnableProvider): string {
  if (provider_type !== "ollama" || api_base === "") return api_base;
  return `${api_base.replace(/(\/v1)?\/*$/, "")}/v1`;
}
