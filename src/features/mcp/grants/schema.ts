import { z } from "zod";
import { UserId } from "#core/access/identity.ts";
import { statusOf, Timestamp } from "#core/wire.ts";
import { ServerPath } from "#features/mcp/servers/schema.ts";

const MAX_TOOLS = 1_000;
const MAX_NAME_CHARS = 1_000;

export const ToolNames = z.array(z.string().min(1).max(MAX_NAME_CHARS)).max(MAX_TOOLS).nullish();

const filterFields = {
  tool_allow: ToolNames.describe("The names that the server gives the only tools that may be used; empty means all"),
  tool_deny: ToolNames.describe("Tools that may not be used, whatever else permits them"),
};

export const AgentReference = z.string().min(1).max(100).describe("The id or the key of the agent");

export const GrantAgentInput = ServerPath.extend({ agent_id: AgentReference, ...filterFields }).meta({
  id: "GrantMcpAgentInput",
});
export type GrantAgentInput = z.infer<typeof GrantAgentInput>;

export const GrantUserInput = ServerPath.extend({ user_id: UserId, ...filterFields }).meta({
  id: "GrantMcpUserInput",
});
export type GrantUserInput = z.infer<typeof GrantUserInput>;

export const AgentGrantsPath = z.object({ agent_id: AgentReference });
export const AgentGrantPath = ServerPath.extend({ agent_id: AgentReference });
export const UserGrantPath = ServerPath.extend({ user_id: z.string().describe("The id of the user") });

export const McpAgentGrant = z
  .object({
    id: z.guid(),
    server_id: z.guid(),
    agent_id: z.guid(),
    enabled: z.boolean(),
    tool_allow: z.array(z.string()).nullable(),
    tool_deny: z.array(z.string()).nullable(),
    config_overrides: z.record(z.string(), z.unknown()).nullable().describe("Always empty"),
    granted_by: z.string(),
    created_at: Timestamp,
  })
  .meta({ id: "McpAgentGrant" });
export type McpAgentGrant = z.infer<typeof McpAgentGrant>;

export const Granted = statusOf("granted");
export const Revoked = statusOf("revoked");
export const GRANTED = { status: "granted" } as const;
export const REVOKED = { status: "revoked" } as const;
