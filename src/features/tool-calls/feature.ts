import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { defineFeature } from "#features/define-feature.ts";
import { toolInvoked } from "#features/tool-calls/events.ts";
import { invokeTool } from "#features/tool-calls/invoke-tool.ts";
import { listAgentTools } from "#features/tool-calls/list-agent-tools.ts";
import { AgentToolList, InvokedTool, InvokeToolInput, ListAgentToolsInput } from "#features/tool-calls/schema.ts";

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

const listOfAgent = defineOperation({
  name: "agents.tools.list",
  http: { method: "GET", path: "/v1/agents/{id}/tools" },
  access: ACCESS.read,
  summary: "List the tools that an agent could have, and which it has",
  description:
    "For those who may use the agent. Of each tool it says the rule that decided. Tools of MCP servers are those that the user may use.",
  input: ListAgentToolsInput,
  output: AgentToolList,
  run: async (ctx, input) => ({ tools: await listAgentTools(ctx, input) }),
});

export const toolCallFeature = defineFeature({
  name: "tool-calls",
  operations: [invoke, listOfAgent],
  events: [toolInvoked],
});
