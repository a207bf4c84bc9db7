import { toTimestamp } from "#base/clock.ts";
import { alreadyExists, invalidField } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { DELETED } from "#core/wire.ts";
import type { AgentLinksTable } from "#db/delegation-tables.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { toJson } from "#db/values.ts";
import { findAgent, type StoredAgent } from "#features/agents/index.ts";
import { agentLinkCreated, agentLinkDeleted, agentLinkUpdated } from "#features/delegation/events.ts";
import { lockLink, requireRoom, toLinks } from "#features/delegation/links/repository.ts";
import type { AgentLink, CreateLinkInput, LinkPath, UpdateLinkInput } from "#features/delegation/links/schema.ts";

/** Lets an agent hand tasks to another. Throws 400 for unknown agents, and 409 for a link that is there already. */
export async function createLink(ctx: Context, input: CreateLinkInput): Promise<AgentLink> {
  const { source_agent, target_agent, settings, ...fields } = input;
  const source = await getEnd(ctx, "source_agent", source_agent);
  const target = await getEnd(ctx, "target_agent", target_agent);
  if (source.id === target.id) throw invalidField("target_agent", "another agent");
  if (target.settings.agent_type === "open") throw invalidField("target_agent", "a predefined agent");
  const now = toTimestamp(ctx.clock.now());
  const row: AgentLinksTable = {
    id: newId(),
    tenant_id: ctx.tenantId,
    source_agent_id: source.id,
    target_agent_id: target.id,
    ...fields,
    settings: toJson(settings),
    status: "active",
    created_by: ctx.userId,
    created_at: now,
    updated_at: now,
  };
  return mutate(ctx, agentLinkCreated, async (queries) => {
    await requireRoom(queries);
    await queries.insertInto("agent_links", row).execute();
    return changeOf(queries, row);
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("link", `${source.key} to ${target.key}`) : thrown;
  });
}

async function getEnd(ctx: Context, field: string, reference: string): Promise<StoredAgent> {
  const agent = await findAgent(ctx.db.read, reference);
  if (!agent) throw invalidField(field, "an agent of this tenant");
  return agent;
}

export const updateLink = (ctx: Context, { id, settings, ...fields }: UpdateLinkInput): Promise<AgentLink> =>
  mutate(ctx, agentLinkUpdated, async (queries) => {
    const row = await lockLink(queries, id);
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const changed: AgentLinksTable = {
      ...row,
      ...given,
      ...(settings && { settings: toJson(settings) }),
      updated_at: toTimestamp(ctx.clock.now()),
    };
    await queries.updateTable("agent_links").set(changed).where("id", "=", row.id).execute();
    return changeOf(queries, changed);
  });

export const deleteLink = (ctx: Context, { id }: LinkPath): Promise<typeof DELETED> =>
  mutate(ctx, agentLinkDeleted, async (queries) => {
    const row = await lockLink(queries, id);
    const change = await changeOf(queries, row);
    await queries.deleteFrom("agent_links").where("id", "=", row.id).execute();
    return { ...change, value: DELETED };
  });

async function changeOf(queries: TenantReads, row: AgentLinksTable) {
  const [link] = await toLinks(queries, [row]);
  if (!link) throw new Error("a link was lost");
  const { source_agent_key, target_agent_key } = link;
  return { entityId: row.id, value: link, details: { source_agent_key, target_agent_key } };
}
