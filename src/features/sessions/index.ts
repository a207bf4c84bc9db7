export { sessionOperations } from "#features/sessions/operations.ts";
