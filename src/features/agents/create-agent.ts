import type { z } from "zod";
import { alreadyExists, invalidField } from "#base/errors.ts";
import type { TenantId } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { type Change, mutate, mutateSystem } from "#core/mutate.ts";
import { systemDatabase } from "#core/system-database.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { requireDefaultAdmin, requireUser } from "#features/agents/access.ts";
import { applySettings, defaultSettings } from "#features/agents/agent-settings.ts";
import { agentCreated } from "#features/agents/events.ts";
import { insertAgent, type NewAgent } from "#features/agents/insert-agent.ts";
import { DEFAULT_AGENT_KEY } from "#features/agents/repository.ts";
import type { Agent, CreateAgentInput } from "#features/agents/schema.ts";
import { toAgent } from "#features/agents/stored-agent.ts";
import { beginSummon } from "#features/agents/summoning/begin-summon.ts";
import { canSummon } from "#features/agents/summoning/can-summon.ts";
import { findTenantRow } from "#features/tenants/index.ts";

/**
 * Creates an agent that belongs to the user of the request. With a description, its own model writes its files in the
 * background. Throws `ALREADY_EXISTS` if its key is taken.
 */
export async function createAgent(ctx: Context, input: CreateAgentInput): Promise<Agent> {
  requireUser(ctx);
  if (input.is_default || input.agent_key === DEFAULT_AGENT_KEY) requireDefaultAdmin(ctx);
  const tenantId = await resolveTenant(ctx, input.tenant_id);
  const settings = applySettings(defaultSettings(input.agent_key), withoutNulls(input));
  const prompt = settings.agent_description.trim();
  const isSummoned = prompt !== "" && input.status !== "inactive" && (await canSummonIn(ctx, tenantId, input));
  const agent: NewAgent = {
    key: input.agent_key,
    ownerId: ctx.userId,
    provider: input.provider,
    model: input.model,
    status: isSummoned ? "summoning" : input.status === "inactive" ? "inactive" : "active",
    isDefault: input.is_default ?? false,
    settings: { ...settings, agent_type: "predefined" },
  };
  return writeIn(ctx, tenantId, async (queries) => {
    const created = await insertAgent(queries, agent, ctx.clock.now());
    if (isSummoned) await beginSummon(ctx, queries, { agentId: created.id, kind: "summon", prompt });
    return { entityId: created.id, tenantId, value: toAgent(created), details: { agent_key: created.key } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("agent", input.agent_key) : thrown;
  });
}

/** An owner of the gateway who makes an agent for another tenant leaves its summoning to that tenant. */
const canSummonIn = async (ctx: Context, tenantId: TenantId, agent: CreateAgentInput): Promise<boolean> =>
  tenantId === ctx.tenantId && (await canSummon(ctx, agent));

/** Removes null fields, because null means the default in a new agent. */
function withoutNulls(input: CreateAgentInput): CreateAgentInput {
  const present = Object.entries(input).filter(([, value]) => value !== null);
  return Object.fromEntries(present) as CreateAgentInput;
}

async function resolveTenant(ctx: Context, requestedId: string | null | undefined): Promise<TenantId> {
  if (!requestedId || !hasRole(ctx, "owner")) return ctx.tenantId;
  const tenant = await findTenantRow(ctx.use(systemDatabase).read, requestedId);
  if (!tenant) throw invalidField("tenant_id", requestedId);
  return tenant.id;
}

function writeIn<Value>(
  ctx: Context,
  tenantId: TenantId,
  unit: (queries: TenantQueries) => Promise<Change<Value, z.output<(typeof agentCreated)["payload"]>>>,
): Promise<Value> {
  if (tenantId === ctx.tenantId) return mutate(ctx, agentCreated, unit);
  return mutateSystem(ctx, agentCreated, (queries) => unit(ctx.use(systemDatabase).scope(queries, tenantId)));
}
