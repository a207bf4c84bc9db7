export { createFirstProvider, type FirstProvider } from "#features/providers/create-first-provider.ts";
export { createModelSource, type ModelSourceDependencies } from "#features/providers/create-model-source.ts";
export { providerOperations } from "#features/providers/operations.ts";
