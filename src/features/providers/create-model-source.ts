import { failedPrecondition } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { Secret } from "#base/secret.ts";
import type { EventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { fromBit, fromJson } from "#db/values.ts";
import { providerEvents } from "#features/providers/events.ts";
import { type AccessDependencies, toProviderAccess } from "#features/providers/provider-access.ts";
import { findProviderByName } from "#features/providers/repository.ts";
import type { ProviderSettings } from "#features/providers/schema.ts";
import { tenantDeleted } from "#features/tenants/index.ts";
import { createLanguageModel } from "#models/create-language-model.ts";
import { type CallTimeouts, findReasoningEffort, type LanguageModel } from "#models/language-model.ts";
import type { ModelSource, OpenModel } from "#runtime/model-calls/index.ts";

export interface ModelSourceDependencies extends AccessDependencies {
  readonly events: EventBus;
}

const MAX_OPEN = 1_000;

/** Creates a source that caches open models until a provider of their tenant changes, or for `LIMITS.keyCacheTime`. */
export function createModelSource(dependencies: ModelSourceDependencies): ModelSource {
  const open = new Remembered<OpenModel>({ max: MAX_OPEN, ttl: LIMITS.keyCacheTime });
  dependencies.events.subscribe([...providerEvents, tenantDeleted], {
    receive: ({ tenantId }) => open.forget((key) => key.startsWith(`${tenantId}:`)),
    onMissed: () => open.forget(),
  });
  return {
    open: (db, providerName) =>
      open.get(`${db.tenantId}:${providerName}`, async () =>
        openModel(await requireEnabled(db, providerName), dependencies),
      ),
  };
}

async function requireEnabled(db: TenantDatabase, name: string): Promise<LlmProvidersTable> {
  const row = await findProviderByName(db.read, name);
  if (!row) throw failedPrecondition("error.provider_not_found", { name }, "provider_not_found");
  if (!fromBit(row.enabled)) throw failedPrecondition("error.provider_disabled", { name }, "provider_disabled");
  return row;
}

function openModel(row: LlmProvidersTable, dependencies: ModelSourceDependencies): OpenModel {
  const { otherKeys, ...access } = toProviderAccess(row, dependencies);
  const { reasoning_defaults, timeouts, thought_marks } = fromJson<ProviderSettings>(row.settings);
  const open = (apiKey: Secret): LanguageModel => ({
    ...createLanguageModel({ ...access, apiKey, keepsThoughtMarks: thought_marks === "text" }),
    timeouts: toTimeouts(timeouts),
  });
  return {
    model: open(access.apiKey),
    otherKeys: otherKeys.map(open),
    providerType: access.providerType,
    secrets: [access.apiKey, ...otherKeys],
    reasoningEffort: findReasoningEffort(reasoning_defaults?.effort),
  };
}

/** Returns the timeouts that a provider sets itself. */
const toTimeouts = ({
  first_token_ms,
  idle_ms,
  call_ms,
}: ProviderSettings["timeouts"] = {}): Partial<CallTimeouts> => ({
  ...(first_token_ms !== undefined && { firstEventMs: first_token_ms }),
  ...(idle_ms !== undefined && { idleMs: idle_ms }),
  ...(call_ms !== undefined && { totalMs: call_ms }),
});
