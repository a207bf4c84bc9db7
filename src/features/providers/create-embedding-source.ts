import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { Secret } from "#base/secret.ts";
import type { TenantDatabase } from "#db/database.ts";
import { fromBit, fromJson } from "#db/values.ts";
import type { ModelSourceDependencies } from "#features/providers/create-model-source.ts";
import { providerEvents } from "#features/providers/events.ts";
import { type ProviderAccess, toEmbeddingBase, toProviderAccess } from "#features/providers/provider-access.ts";
import type { ProviderSettings } from "#features/providers/schema.ts";
import { tenantDeleted } from "#features/tenants/index.ts";
import { createEmbeddingModel } from "#models/embeddings/create-embedding-model.ts";
import type { EmbeddingModel } from "#models/embeddings/embedding-model.ts";
import { type ProviderType, providerTypeFacts } from "#models/provider-types.ts";
import type { CallDependencies } from "#models/resilience/call-with-failover.ts";
import { embedWithKeys } from "#models/resilience/embed-with-keys.ts";
import type { CallTarget } from "#models/resilience/provider-health.ts";

/** A provider that is enabled and may have embedding models. */
export interface EmbeddingProvider {
  readonly id: string;
  readonly name: string;
  readonly providerType: ProviderType;
  /** True if its settings offer embeddings to every agent of the tenant. */
  readonly isOffered: boolean;
  /** The model of its settings. Empty if they name none. */
  readonly model: string;
  /** The requested size of the vectors. If undefined, the model decides. */
  readonly dimensions: number | undefined;
  open(model: string): EmbeddingModel;
}

/** Finds the providers that can embed texts. */
export interface EmbeddingSource {
  /** Answers from memory until a provider of the tenant changes. */
  list(db: TenantDatabase): Promise<readonly EmbeddingProvider[]>;
}

const MAX_TENANTS = 1_000;

/** Creates a source that remembers the providers of a tenant, for `LIMITS.keyCacheTime` at most. */
export function createEmbeddingSource(dependencies: ModelSourceDependencies, calls: CallDependencies): EmbeddingSource {
  const known = new Remembered<readonly EmbeddingProvider[]>({ max: MAX_TENANTS, ttl: LIMITS.keyCacheTime });
  dependencies.events.subscribe([...providerEvents, tenantDeleted], {
    receive: ({ tenantId }) => known.forget((key) => key === tenantId),
    onMissed: () => known.forget(),
  });
  return { list: (db) => known.get(db.tenantId, () => readProviders(db, dependencies, calls)) };
}

async function readProviders(
  db: TenantDatabase,
  dependencies: ModelSourceDependencies,
  calls: CallDependencies,
): Promise<readonly EmbeddingProvider[]> {
  const rows = await db.read.selectFrom("llm_providers").selectAll().orderBy("name").execute();
  return rows.flatMap((row) => {
    if (!fromBit(row.enabled)) return [];
    const { embedding = {} } = fromJson<ProviderSettings>(row.settings);
    const access = tryAccess(() => toProviderAccess(row, dependencies));
    if (!access || !hasEmbeddings(access.providerType)) return [];
    const dimensions = embedding.dimensions || undefined;
    const reached = withEmbeddingBase(access, embedding);
    const openWith = (apiKey: Secret, model: string) => createEmbeddingModel({ ...reached, apiKey, model, dimensions });
    return {
      id: row.id,
      name: row.name,
      providerType: access.providerType,
      isOffered: embedding.enabled === true,
      model: embedding.model ?? "",
      dimensions,
      open: (model) =>
        embedWithKeys(
          {
            target: toEmbeddingTarget({ tenantId: db.tenantId, provider: row.name, model }),
            models: [openWith(access.apiKey, model), ...access.otherKeys.map((key) => openWith(key, model))],
          },
          calls,
        ),
    };
  });
}

const hasEmbeddings = (type: ProviderType): boolean => {
  const { wire } = providerTypeFacts(type);
  return wire === "openai" || wire === "google";
};

/** A provider that this gateway cannot use embeds nothing. Its runs say what is wrong with it. */
function tryAccess(open: () => ProviderAccess): ProviderAccess | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}

/**
 * Embeddings fail for themselves: a key without the right to embed may be good for chats, and both may be at different
 * addresses. Names of providers contain no `#`.
 */
export const toEmbeddingTarget = (target: CallTarget): CallTarget => ({
  ...target,
  provider: `${target.provider}#embeddings`,
});

/** Returns how to reach the embeddings of a provider, which its settings may place at an address of their own. */
export const withEmbeddingBase = (
  access: ProviderAccess,
  { api_base = "" }: NonNullable<ProviderSettings["embedding"]>,
): ProviderAccess => ({ ...access, apiBase: toEmbeddingBase(access.providerType, api_base) || access.apiBase });
