export {
  createEmbeddingSource,
  type EmbeddingProvider,
  type EmbeddingSource,
} from "#features/providers/create-embedding-source.ts";
export { createFirstProvider } from "#features/providers/create-first-provider.ts";
export { createModelSource } from "#features/providers/create-model-source.ts";
export { providerDeleted, providerEvents, providerUpdated } from "#features/providers/events.ts";
export { providerFeature } from "#features/providers/feature.ts";
export { providerBase, providerPurpose } from "#features/providers/provider-access.ts";
export { openApiKeys } from "#features/providers/repository.ts";
