export { createToolSettingsSource } from "#features/builtin-tools/create-tool-settings-source.ts";
export { builtinToolFeature } from "#features/builtin-tools/feature.ts";
export { toolRegistry } from "#features/builtin-tools/tool-registry.ts";
