export { createToolSettingsSource } from "#features/tools/create-tool-settings-source.ts";
export { toolOperations } from "#features/tools/operations.ts";
export { toolRegistry } from "#features/tools/tool-registry.ts";
