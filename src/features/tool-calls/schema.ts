import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { freeForm } from "#core/free-form.ts";
import { SingleLine } from "#core/wire.ts";

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
