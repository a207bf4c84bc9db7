export { apiKeyOperations } from "#features/api-keys/operations.ts";
