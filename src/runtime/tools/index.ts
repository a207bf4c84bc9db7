// The pipeline around every tool call: sources, policy, gate, limits, scrubbing and truncation.

export { callTool } from "#runtime/tools/call-tool.ts";
export { coerceArguments } from "#runtime/tools/coerce-arguments.ts";
export {
  createToolEnvironment,
  type FolderUser,
  type MemoryFileUser,
  type ToolCaller,
  type ToolServices,
} from "#runtime/tools/create-tool-environment.ts";
export { HEAD_SHARE } from "#runtime/tools/cut-result.ts";
export { OfferedTools } from "#runtime/tools/deferral/offered-tools.ts";
export { defineSchemaTool } from "#runtime/tools/define-schema-tool.ts";
export {
  BROKEN_ARGUMENTS,
  defineTool,
  hasReadableArguments,
  imagePart,
  jsonPart,
  ToolError,
  textPart,
  untrustedPart,
} from "#runtime/tools/define-tool.ts";
export { keepImages } from "#runtime/tools/keep-images.ts";
export type { ToolGuard, ToolText } from "#runtime/tools/run-tool.ts";
export {
  createRunToolsSource,
  type RunTools,
  type RunToolsSource,
  runToolsSource,
  toModelTools,
} from "#runtime/tools/run-tools.ts";
export type {
  CallPlace,
  MemoryFile,
  MemoryFiles,
  ReadOnlyFolders,
  Tool,
  ToolEnvironment,
  ToolOutcome,
  ToolPart,
  ToolSettingsSchema,
} from "#runtime/tools/tool.ts";
export { createToolGate } from "#runtime/tools/tool-gate.ts";
export { createToolNames, type ToolNames } from "#runtime/tools/tool-names.ts";
export { isAllowedByName, TOOL_PROFILES, TOOL_RULES, ToolPolicy } from "#runtime/tools/tool-policy.ts";
export { createToolRateLimiter } from "#runtime/tools/tool-rate-limiter.ts";
export {
  NO_TOOL_SETTINGS,
  type TenantToolSettings,
  type ToolSettings,
  type ToolSettingsSource,
  toolSettingsSource,
} from "#runtime/tools/tool-settings.ts";
export { createBuiltinToolSource, type ToolSet, type ToolSource } from "#runtime/tools/tool-source.ts";
export { SHARED_WORKSPACE, workspaceName } from "#runtime/tools/workspace-name.ts";
export {
  findName,
  isDeniedName,
  lookAt,
  missingFile,
  outsideWorkspace,
  parseRelativePath,
  resolveDirectory,
  resolveWorkingDirectory,
  shorten,
} from "#runtime/tools/workspace-path.ts";
export { wrapUntrusted } from "#runtime/tools/wrap-untrusted.ts";
