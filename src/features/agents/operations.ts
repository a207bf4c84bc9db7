import { LIMITS } from "#base/limits.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { listOf } from "#core/wire.ts";
import { getAccessibleAgent } from "#features/agents/access.ts";
import { createAgent } from "#features/agents/create-agent.ts";
import { deleteAgent } from "#features/agents/delete-agent.ts";
import {
  agentCreated,
  agentDeleted,
  agentEvents,
  agentShared,
  agentShareRevoked,
  agentUpdated,
} from "#features/agents/events.ts";
import { listAgents } from "#features/agents/list-agents.ts";
import {
  Agent,
  AgentPath,
  AgentShare,
  AgentSharePath,
  CreateAgentInput,
  DONE,
  Done,
  ListAgentsInput,
  ShareAgentInput,
  UpdateAgentInput,
} from "#features/agents/schema.ts";
import { listAgentShares } from "#features/agents/sharing/list-agent-shares.ts";
import { shareAgent } from "#features/agents/sharing/share-agent.ts";
import { unshareAgent } from "#features/agents/sharing/unshare-agent.ts";
import { toAgent } from "#features/agents/stored-agent.ts";
import { updateAgent } from "#features/agents/update-agent.ts";
import { tenantEvents } from "#features/tenants/index.ts";

/** What changes an agent, or who may use it. A new tenant comes with an agent. */
const CHANGES = [...agentEvents, ...tenantEvents];

export const agentOperations = [
  defineOperation({
    name: "agents.list",
    http: { method: "GET", path: "/v1/agents" },
    access: ACCESS.read,
    summary: "List the agents the caller may use, newest first",
    description: "Administrators who name no user see every agent of their tenant.",
    input: ListAgentsInput,
    output: listOf("agents", Agent),
    keptUntil: CHANGES,
    run: async (ctx, page) => ({ agents: await listAgents(ctx, page) }),
  }),
  defineOperation({
    name: "agents.create",
    http: { method: "POST", path: "/v1/agents", status: 201 },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Create an agent",
    description: "It belongs to the user on whose behalf the call is made.",
    input: CreateAgentInput,
    output: Agent,
    errors: ["ALREADY_EXISTS"],
    audit: agentCreated,
    example: { input: { agent_key: "support", display_name: "Support", provider: "openai", model: "gpt-5" } },
    run: createAgent,
  }),
  defineOperation({
    name: "agents.get",
    http: { method: "GET", path: "/v1/agents/{id}" },
    access: ACCESS.read,
    summary: "Read an agent",
    description: "For those who may use it. The id or the key names it.",
    input: AgentPath,
    output: Agent,
    keptUntil: CHANGES,
    run: async (ctx, { id }) => toAgent(await getAccessibleAgent(ctx, id)),
  }),
  defineOperation({
    name: "agents.update",
    http: { method: "PUT", path: "/v1/agents/{id}" },
    access: ACCESS.write,
    summary: "Change an agent",
    description: "For its owner. Fields that are left out keep their values; null empties one.",
    input: UpdateAgentInput,
    output: Done,
    errors: ["ALREADY_EXISTS"],
    audit: agentUpdated,
    body: { maxBytes: LIMITS.agentUpdateBody },
    example: { input: { model: "gpt-5-mini", thinking_level: "low" }, output: DONE },
    run: async (ctx, input) => {
      await updateAgent(ctx, input);
      return DONE;
    },
  }),
  defineOperation({
    name: "agents.delete",
    http: { method: "DELETE", path: "/v1/agents/{id}" },
    access: ACCESS.write,
    summary: "Delete an agent with its sessions and runs",
    description:
      'For its owner. Runs under way are cancelled. The agent with the key "default" stays, and only ' +
      "administrators delete the one marked as the default.",
    input: AgentPath,
    output: Done,
    errors: ["FAILED_PRECONDITION"],
    audit: agentDeleted,
    run: async (ctx, input) => {
      await deleteAgent(ctx, input);
      return DONE;
    },
  }),
  defineOperation({
    name: "agents.shares.list",
    http: {
      method: "GET",
      path: "/v1/agents/{id}/sharing",
      aliases: [{ method: "GET", path: "/v1/agents/{id}/shares" }],
    },
    access: { ...ACCESS.read, role: "operator" },
    summary: "List who else may use an agent",
    description: "For its owner.",
    input: AgentPath,
    output: listOf("shares", AgentShare),
    run: async (ctx, input) => ({ shares: await listAgentShares(ctx, input) }),
  }),
  defineOperation({
    name: "agents.shares.set",
    http: {
      method: "POST",
      path: "/v1/agents/{id}/sharing",
      status: 201,
      aliases: [{ method: "POST", path: "/v1/agents/{id}/shares" }],
    },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Share an agent with a user, or change the user's role",
    description: "For its owner.",
    input: ShareAgentInput,
    output: Done,
    audit: agentShared,
    example: { input: { user_id: "grace", role: "user" }, output: DONE },
    run: shareAgent,
  }),
  defineOperation({
    name: "agents.shares.remove",
    http: {
      method: "DELETE",
      path: "/v1/agents/{id}/sharing/{userID}",
      aliases: [{ method: "DELETE", path: "/v1/agents/{id}/shares/{userID}" }],
    },
    access: ACCESS.write,
    summary: "Stop sharing an agent with a user",
    description: "For its owner. Removing a share that is not there succeeds as well.",
    input: AgentSharePath,
    output: Done,
    audit: agentShareRevoked,
    run: async (ctx, input) => {
      await unshareAgent(ctx, input);
      return DONE;
    },
  }),
];
