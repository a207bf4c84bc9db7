export { createApiKeyDirectory } from "#features/api-keys/api-key-directory.ts";
export { apiKeyFeature } from "#features/api-keys/feature.ts";
