import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { skillGrantChanged } from "#features/skills/events.ts";
import { grantAgent } from "#features/skills/grants/grant-agent.ts";
import { grantUser } from "#features/skills/grants/grant-user.ts";
import { listGrants } from "#features/skills/grants/list-grants.ts";
import { revokeAgent } from "#features/skills/grants/revoke-agent.ts";
import { revokeUser } from "#features/skills/grants/revoke-user.ts";
import { listAgentSkills } from "#features/skills/list-agent-skills.ts";
import * as schema from "#features/skills/schema.ts";

export const skillGrantOperations = [
  defineOperation({
    name: "skills.grants.list",
    http: { method: "GET", path: "/v1/skills/{id}/grants/agents" },
    access: ACCESS.administer,
    summary: "List the agents that a skill is granted to",
    description: "Skills of the gateway and public ones need no grants.",
    input: schema.SkillPath,
    output: schema.AgentGrantList,
    run: async (ctx, { id }) => ({ grants: await listGrants(ctx, id) }),
  }),
  defineOperation({
    name: "skills.grants.agent",
    http: {
      method: "POST",
      path: "/v1/skills/{id}/grants/agent",
      status: 201,
      aliases: [{ method: "POST", path: "/v1/skills/{id}/grants/agents" }],
    },
    runsOnce: true,
    otherNames: { pinned_version: "version" },
    access: ACCESS.administer,
    summary: "Grant a skill to an agent, or change its grant",
    description: "Takes effect in the agent's next run. A private skill becomes internal.",
    input: schema.GrantAgentInput,
    output: schema.Done,
    audit: skillGrantChanged,
    example: { input: { agent_id: "0193a5b0-7000-7000-8000-0000000000ff" }, output: schema.DONE },
    run: grantAgent,
  }),
  defineOperation({
    name: "skills.grants.revoke-agent",
    http: {
      method: "DELETE",
      path: "/v1/skills/{id}/grants/agent/{agentID}",
      aliases: [{ method: "DELETE", path: "/v1/skills/{id}/grants/agents/{agentID}" }],
    },
    access: ACCESS.administer,
    summary: "Take a skill from an agent",
    description: "Taking it again succeeds as well. An internal skill without any grant becomes private.",
    input: schema.AgentGrantPath,
    output: schema.Done,
    audit: skillGrantChanged,
    run: revokeAgent,
  }),
  defineOperation({
    name: "skills.grants.user",
    http: { method: "POST", path: "/v1/skills/{id}/grants/user", status: 201 },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Grant a skill to a user",
    description: "Every agent may use it when it works for this user.",
    input: schema.GrantUserInput,
    output: schema.Done,
    audit: skillGrantChanged,
    example: { input: { user_id: "grace" }, output: schema.DONE },
    run: grantUser,
  }),
  defineOperation({
    name: "skills.grants.revoke-user",
    http: { method: "DELETE", path: "/v1/skills/{id}/grants/user/{userID}" },
    access: ACCESS.administer,
    summary: "Take a skill from a user",
    description: "Taking it again succeeds as well.",
    input: schema.UserGrantPath,
    output: schema.Done,
    audit: skillGrantChanged,
    run: revokeUser,
  }),
  defineOperation({
    name: "agents.skills.list",
    http: { method: "GET", path: "/v1/agents/{agentID}/skills" },
    access: ACCESS.read,
    summary: "List the skills of the tenant as one agent has them",
    description: "Active skills by name, with those that are not granted to the agent.",
    input: schema.AgentSkillsPath,
    output: schema.AgentSkillList,
    run: async (ctx, { agentID }) => ({ skills: await listAgentSkills(ctx, agentID) }),
  }),
];
