import type { z } from "zod";
import { toSlug } from "#base/slug.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { defineMethod, type RpcParams, toSnakeCase } from "#core/live/rpc-method.ts";
import type { AgentFileList, OneAgentFile } from "#features/agents/files/schema.ts";
import { findAgent } from "#features/agents/repository.ts";
import { findRunningAgents } from "#features/agents/rpc/find-running-agents.ts";
import { toIdentityOf } from "#features/agents/rpc/to-identity.ts";
import type { Agent } from "#features/agents/schema.ts";

const DEFAULT = "default";

/** Clients of the protocol name an agent by its key, in `agentId`. */
const withId = ({ agentId, agent_id, ...params }: RpcParams): RpcParams => ({
  ...toSnakeCase(params),
  id: agentId ?? agent_id ?? params.id,
});
const agentOf = (params: RpcParams): RpcParams => ({ id: withId(params).id || DEFAULT });

const keyOf = async (ctx: Context, params: RpcParams): Promise<string> => {
  const reference = String(withId(params).id);
  return (await findAgent(ctx.db.read, reference))?.key ?? reference;
};

const nameOf = ({ display_name, agent_key }: Agent): string => display_name || agent_key;

export const agentMethods = [
  defineMethod<{ readonly agents: readonly Agent[] }>({
    name: "agents.list",
    operation: "agents.list",
    async toPayload({ agents }, _, ctx) {
      const active = agents.filter(({ status }) => status === "active");
      const running = await findRunningAgents(ctx.db.read);
      return {
        agents: active.map((agent) => ({
          id: agent.agent_key,
          name: nameOf(agent),
          model: agent.model,
          provider: agent.provider,
          agentType: agent.agent_type,
          status: agent.status,
          isRunning: running.has(agent.id),
        })),
      };
    },
  }),
  defineMethod<Agent>({
    name: "agent",
    operation: "agents.get",
    toInput: agentOf,
    toPayload: async ({ id, agent_key }, _, ctx) => ({
      id: agent_key,
      isRunning: (await findRunningAgents(ctx.db.read)).has(id),
    }),
  }),
  defineMethod<Agent>({
    name: "agent.wait",
    operation: "agents.get",
    toInput: agentOf,
    toPayload: async ({ id, agent_key }, _, ctx) => ({
      id: agent_key,
      status: (await findRunningAgents(ctx.db.read)).has(id) ? "running" : "idle",
    }),
  }),
  defineMethod<Agent>({
    name: "agent.identity.get",
    operation: "agents.get",
    toInput: ({ sessionKey, ...params }) => {
      const ofSession = /^agent:([^:]+):/.exec(String(sessionKey ?? ""))?.[1];
      return { id: withId(params).id || ofSession || DEFAULT };
    },
    toPayload: (agent, _, ctx) => toIdentityOf(ctx, agent),
  }),
  defineMethod<Agent>({
    name: "agents.create",
    operation: "agents.create",
    async toInput({ name, ...params }, ctx) {
      const { owner_ids: _, ...fields } = toSnakeCase(params);
      const { provider, model } = fields.provider && fields.model ? fields : await modelOfDefault(ctx);
      const key = typeof name === "string" ? toSlug(name) : name;
      return { agent_key: key, display_name: name, ...fields, provider, model };
    },
    toPayload: (agent) => ({ ok: true, agentId: agent.agent_key, name: nameOf(agent), workspace: agent.workspace }),
  }),
  defineMethod({
    name: "agents.update",
    operation: "agents.update",
    toInput({ name, ...params }) {
      return { ...withId(params), ...(name !== undefined && { display_name: name }) };
    },
    toPayload: async (_, params, ctx) => ({ ok: true, agentId: await keyOf(ctx, params) }),
  }),
  defineMethod({
    name: "agents.delete",
    operation: "agents.delete",
    toInput: withId,
    toPayload: (_, params) => ({ ok: true, agentId: withId(params).id, removedBindings: 0 }),
  }),
  defineMethod<z.output<typeof AgentFileList>>({
    name: "agents.files.list",
    operation: "agents.files.list",
    toInput: withId,
    toPayload: async ({ files }, params, ctx) => ({ agentId: await keyOf(ctx, params), files }),
  }),
  defineMethod<z.output<typeof OneAgentFile>>({
    name: "agents.files.get",
    operation: "agents.files.get",
    toInput: withId,
    toPayload: async ({ file }, params, ctx) => ({ agentId: await keyOf(ctx, params), file }),
  }),
  defineMethod<z.output<typeof OneAgentFile>>({
    name: "agents.files.set",
    operation: "agents.files.set",
    toInput: withId,
    toPayload: async ({ file }, params, ctx) => ({ agentId: await keyOf(ctx, params), file, propagated: 0 }),
  }),
];

/** An agent without a model of its own gets that of the tenant's default agent. */
async function modelOfDefault(ctx: Context): Promise<{ readonly provider?: string; readonly model?: string }> {
  const agent = hasRole(ctx, "operator") ? await findAgent(ctx.db.read, DEFAULT) : undefined;
  return agent ? { provider: agent.provider, model: agent.model } : {};
}
