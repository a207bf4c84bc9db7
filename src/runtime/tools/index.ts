// The pipeline around every tool call: sources, policy, gate, limits, scrubbing and truncation.

export { coerceArguments } from "#runtime/tools/coerce-arguments.ts";
export { createToolEnvironment, type ToolServices } from "#runtime/tools/create-tool-environment.ts";
export type { DeferralRules } from "#runtime/tools/defer-tools.ts";
export {
  BROKEN_ARGUMENTS,
  defineTool,
  hasReadableArguments,
  jsonPart,
  ToolError,
  textPart,
  untrustedPart,
} from "#runtime/tools/define-tool.ts";
export { OfferedTools } from "#runtime/tools/offered-tools.ts";
export { runTool, type ToolGuard, type ToolText } from "#runtime/tools/run-tool.ts";
export { createRunToolsSource, type RunTools, type RunToolsSource, toModelTools } from "#runtime/tools/run-tools.ts";
export type { Tool, ToolEnvironment, ToolOutcome, ToolPart, ToolSettingsSchema } from "#runtime/tools/tool.ts";
export { createToolGate } from "#runtime/tools/tool-gate.ts";
export { createToolNames, type ToolNames } from "#runtime/tools/tool-names.ts";
export { TOOL_PROFILES } from "#runtime/tools/tool-policy.ts";
export { createToolRateLimiter } from "#runtime/tools/tool-rate-limiter.ts";
export {
  NO_TOOL_SETTINGS,
  type TenantToolSettings,
  type ToolSettings,
  type ToolSettingsSource,
  toolSettingsSource,
} from "#runtime/tools/tool-settings.ts";
export { createBuiltinToolSource, type ToolSet, type ToolSource, type ToolUser } from "#runtime/tools/tool-source.ts";
export { SHARED_WORKSPACE, workspaceName } from "#runtime/tools/workspace-name.ts";
