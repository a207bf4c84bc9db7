import { LRUCache } from "lru-cache";
import { failedPrecondition } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { EventBus } from "#core/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { fromBit, fromJson } from "#db/values.ts";
import { type AccessDependencies, toProviderAccess } from "#features/providers/provider-access.ts";
import { findProviderByName } from "#features/providers/repository.ts";
import type { ProviderSettings } from "#features/providers/schema.ts";
import { createLanguageModel } from "#models/create-language-model.ts";
import { findReasoningEffort } from "#models/language-model.ts";
import type { ModelSource, OpenModel } from "#runtime/ports.ts";

export interface ModelSourceDependencies extends AccessDependencies {
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
      const opened = openModel(await requireEnabled(db, providerName), dependencies);
      // A provider that changed while we were reading must not stay open as it was.
      if (readIn === generation) open.set(key, opened);
      return opened;
    },
  };
}

async function requireEnabled(db: TenantDatabase, name: string): Promise<LlmProvidersTable> {
  const row = await findProviderByName(db.read, name);
  if (!row) throw failedPrecondition("error.provider_not_found", { name }, "provider_not_found");
  if (!fromBit(row.enabled)) throw failedPrecondition("error.provider_disabled", { name }, "provider_disabled");
  return row;
}

function openModel(row: LlmProvidersTable, dependencies: ModelSourceDependencies): OpenModel {
  const access = toProviderAccess(row, dependencies);
  const { reasoning_defaults } = fromJson<ProviderSettings>(row.settings);
  return {
    model: createLanguageModel(access),
    providerType: access.providerType,
    reasoningEffort: findReasoningEffort(reasoning_defaults?.effort),
  };
}
