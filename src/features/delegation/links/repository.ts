import { failedPrecondition, notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import type { AgentLinksTable } from "#db/delegation-tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import { findAgent, findAgentsById } from "#features/agents/index.ts";
import type { AgentLink, ListLinksInput } from "#features/delegation/links/schema.ts";

export const readLinkRows = (queries: TenantReads): Promise<AgentLinksTable[]> =>
  queries.selectFrom("agent_links").selectAll().orderBy("created_at").orderBy("id").execute();

/** Converts rows to links, with the present keys of their agents. */
export async function toLinks(queries: TenantReads, rows: readonly AgentLinksTable[]): Promise<AgentLink[]> {
  const ids = rows.flatMap(({ source_agent_id, target_agent_id }) => [source_agent_id, target_agent_id]);
  const agents = await findAgentsById(queries, [...new Set(ids)]);
  return rows.map((row) => ({
    ...row,
    source_agent_key: agents.get(row.source_agent_id)?.key ?? "",
    target_agent_key: agents.get(row.target_agent_id)?.key ?? "",
    // Safe: only values of these schemas are stored.
    direction: row.direction as AgentLink["direction"],
    status: row.status as AgentLink["status"],
    settings: fromJson<AgentLink["settings"]>(row.settings),
  }));
}

export async function listLinks(ctx: Context, { agent_id, direction }: ListLinksInput): Promise<AgentLink[]> {
  const agent = agent_id === undefined ? undefined : await findAgent(ctx.db.read, agent_id);
  if (agent_id !== undefined && !agent) return [];
  const isWanted = ({ source_agent_id, target_agent_id }: AgentLinksTable) =>
    agent === undefined ||
    (direction !== "to" && source_agent_id === agent.id) ||
    (direction !== "from" && target_agent_id === agent.id);
  return toLinks(ctx.db.read, (await readLinkRows(ctx.db.read)).filter(isWanted));
}

/** Reads a link and locks its row until the transaction ends. Throws `NOT_FOUND`. */
export async function lockLink(queries: TenantQueries, id: string): Promise<AgentLinksTable> {
  const rows = queries.selectForUpdate("agent_links").selectAll();
  const row = isUuid(id) ? await rows.where("id", "=", id.toLowerCase()).executeTakeFirst() : undefined;
  if (!row) throw notFound("link", id);
  return row;
}

/** Throws `FAILED_PRECONDITION` if the tenant has as many links as it may have. */
export async function requireRoom(queries: TenantReads): Promise<void> {
  const max = LIMITS.agentLinksPerTenant;
  const counted = queries.selectFrom("agent_links").select(({ fn }) => fn.countAll<number>().as("count"));
  const { count } = await counted.executeTakeFirstOrThrow();
  if (Number(count) >= max) throw failedPrecondition("error.too_many_links", { max }, "too_many_links");
}
