import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { freeForm } from "#core/free-form.ts";
import { listOf, SingleLine } from "#core/wire.ts";
import { TOOL_RULES } from "#runtime/tools/index.ts";

const Name = SingleLine.min(1).max(200);
const Arguments = freeForm(LIMITS.toolArgumentsBytes);

export const InvokeToolInput = z
  .object({
    tool: Name.describe("The name of a tool that the agent has: built-in, custom, or of an MCP server"),
    args: Arguments.optional().describe("By the tool's parameters"),
    action: SingleLine.max(200).optional().describe("Becomes the argument `action`"),
    dryRun: z.boolean().default(false).describe("True: only returns what the tool is and takes"),
    agent_id: z.string().optional().describe("Id or key of the agent; without it, that of the header, or the default"),
    session_key: z.string().optional().describe("The session that tools of sessions take for the current one"),
  })
  .meta({ id: "InvokeToolInput" });
export type InvokeToolInput = z.infer<typeof InvokeToolInput>;

const ToolCallResult = z
  .object({
    output: z.string().describe("What a model would read"),
    forUser: z.string(),
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "ToolCallResult" });

const ToolDescription = z
  .object({
    tool: z.string(),
    description: z.string(),
    parameters: z.record(z.string(), z.unknown()).describe("JSON Schema"),
    dryRun: z.literal(true),
  })
  .meta({ id: "ToolDescription" });

export const InvokedTool = z
  .union([z.object({ result: ToolCallResult }).meta({ id: "ToolCall" }), ToolDescription])
  .meta({ id: "InvokedTool" });
export type InvokedTool = z.infer<typeof InvokedTool>;

export const ListAgentToolsInput = z.object({
  id: z.string().describe("Id or key of the agent"),
  user_id: z.string().optional().describe("For whom; for administrators. Without it, for the caller"),
});
export type ListAgentToolsInput = z.infer<typeof ListAgentToolsInput>;

export const AgentTool = z
  .object({
    name: z.string(),
    description: z.string(),
    group: z.string().describe("Such as `fs`, `web`, `custom` or `mcp:<server>`"),
    is_available: z.boolean().describe("True if the agent has it"),
    is_deferred: z.boolean().describe("True if the agent has to search for it first"),
    rule: z
      .enum(TOOL_RULES)
      .describe(
        "What decided: the profile or an `alsoAllow` list for tools that it has. For others a switch of the tenant, a list of the operator (`operator_…`) or of the agent (`agent_…`), or that the profile leaves it out",
      ),
  })
  .meta({ id: "AgentTool" });
export type AgentTool = z.infer<typeof AgentTool>;

export const AgentToolList = listOf("tools", AgentTool);
