import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { listOf } from "#core/wire.ts";
import { agentGranted, agentRevoked, userGranted, userRevoked } from "#features/mcp/events.ts";
import { grantAgent } from "#features/mcp/grants/grant-agent.ts";
import { grantUser } from "#features/mcp/grants/grant-user.ts";
import { listGrantsOfAgent, listGrantsOfServer } from "#features/mcp/grants/repository.ts";
import { revokeAgent } from "#features/mcp/grants/revoke-agent.ts";
import { revokeUser } from "#features/mcp/grants/revoke-user.ts";
import * as schema from "#features/mcp/grants/schema.ts";
import { ServerPath } from "#features/mcp/servers/schema.ts";

const PATH = "/v1/mcp/servers/{id}/grants";

export const grantOperations = [
  defineOperation({
    name: "mcp.grants.list",
    http: { method: "GET", path: PATH },
    access: ACCESS.read,
    summary: "List the agents that may use a server, the oldest grant first",
    description: "At most 1,000.",
    input: ServerPath,
    output: listOf("grants", schema.McpAgentGrant),
    run: async (ctx, { id }) => ({ grants: await listGrantsOfServer(ctx, id) }),
  }),
  defineOperation({
    name: "mcp.grants.of_agent",
    http: { method: "GET", path: "/v1/mcp/grants/agent/{agent_id}" },
    access: ACCESS.read,
    summary: "List the servers that an agent may use, the oldest grant first",
    description: "At most 1,000.",
    input: schema.AgentGrantsPath,
    output: listOf("grants", schema.McpAgentGrant),
    run: async (ctx, { agent_id }) => ({ grants: await listGrantsOfAgent(ctx, agent_id) }),
  }),
  defineOperation({
    name: "mcp.grants.set_agent",
    http: {
      method: "POST",
      path: `${PATH}/agent`,
      status: 201,
      aliases: [{ method: "POST", path: `${PATH}/agent/{agent_id}` }],
    },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Let an agent use the tools of a server",
    description: "For administrators. Replaces the lists of an earlier grant. Runs see it from their next turn on.",
    input: schema.GrantAgentInput,
    output: schema.Granted,
    audit: agentGranted,
    example: { input: { agent_id: "support", tool_allow: ["search"] }, output: schema.GRANTED },
    run: grantAgent,
  }),
  defineOperation({
    name: "mcp.grants.revoke_agent",
    http: { method: "DELETE", path: `${PATH}/agent/{agent_id}` },
    access: ACCESS.administer,
    summary: "Take a server from an agent",
    description: "For administrators. The next call of a run under way fails. Taking it again changes nothing.",
    input: schema.AgentGrantPath,
    output: schema.Revoked,
    audit: agentRevoked,
    run: revokeAgent,
  }),
  defineOperation({
    name: "mcp.grants.set_user",
    http: {
      method: "POST",
      path: `${PATH}/user`,
      status: 201,
      aliases: [{ method: "POST", path: `${PATH}/user/{user_id}` }],
    },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Say which tools of a server one user may use",
    description:
      "For administrators. The user's lists narrow those of the agent. A user of whom nothing is stored may use what the agent may use.",
    input: schema.GrantUserInput,
    output: schema.Granted,
    audit: userGranted,
    example: { input: { user_id: "bob", tool_deny: ["delete"] }, output: schema.GRANTED },
    run: grantUser,
  }),
  defineOperation({
    name: "mcp.grants.revoke_user",
    http: { method: "DELETE", path: `${PATH}/user/{user_id}` },
    access: ACCESS.administer,
    summary: "Take a server from one user",
    description: "For administrators. Agents no longer use it for this user, until there is a new grant.",
    input: schema.UserGrantPath,
    output: schema.Revoked,
    audit: userRevoked,
    run: revokeUser,
  }),
];
