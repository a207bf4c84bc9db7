export { createFirstProvider } from "#features/providers/create-first-provider.ts";
export { createModelSource } from "#features/providers/create-model-source.ts";
export { providerOperations } from "#features/providers/operations.ts";
export { providerBase, providerPurpose } from "#features/providers/provider-access.ts";
export { apiKeyPlace } from "#features/providers/repository.ts";
