import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { defineFeature } from "#features/define-feature.ts";
import { toolInvoked } from "#features/tool-calls/events.ts";
import { invokeTool } from "#features/tool-calls/invoke-tool.ts";
import { InvokedTool, InvokeToolInput } from "#features/tool-calls/schema.ts";

const invoke = defineOperation({
  name: "tools.invoke",
  http: { method: "POST", path: "/v1/tools/invoke" },
  runsOnce: true,
  access: ACCESS.run,
  summary: "Call a tool of an agent without a run",
  description:
    "Under the agent's tool policy and on behalf of the caller. A tool that fails answers 400 with `reason` tool_error and its own words.",
  input: InvokeToolInput,
  otherNames: { name: "tool", parameters: "args" },
  output: InvokedTool,
  errors: ["NOT_FOUND", "FAILED_PRECONDITION", "AGENT_TIMEOUT"],
  audit: toolInvoked,
  example: { input: { tool: "datetime", args: { timezone: "Asia/Ho_Chi_Minh" } } },
  run: invokeTool,
});

export const toolCallFeature = defineFeature({ name: "tool-calls", operations: [invoke], events: [toolInvoked] });
