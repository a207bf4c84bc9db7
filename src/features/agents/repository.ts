import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { isSlug } from "#base/slug.ts";
import { prepareQuery } from "#db/prepared-query.ts";
import type { AgentsTable } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import { writtenOut } from "#db/written-out.ts";
import type { AgentShare } from "#features/agents/schema.ts";
import { type StoredAgent, toStoredAgent } from "#features/agents/stored-agent.ts";

/** The key of the agent that a first start makes. It cannot be deleted. */
export const DEFAULT_AGENT_KEY = "default";

const IS_DEFAULT = writtenOut(toBit(true));

interface Reference {
  readonly reference: string;
}

const findById = prepareQuery<Reference, AgentsTable>((queries, { reference }) =>
  queries.selectFrom("agents").selectAll().where("id", "=", reference),
);

const findByKey = prepareQuery<Reference, AgentsTable>((queries, { reference }) =>
  queries.selectFrom("agents").selectAll().where("agent_key", "=", reference),
);

const lockById = prepareQuery<Reference, AgentsTable>((queries, { reference }) =>
  queries.selectForUpdate("agents").selectAll().where("id", "=", reference),
);

const lockByKey = prepareQuery<Reference, AgentsTable>((queries, { reference }) =>
  queries.selectForUpdate("agents").selectAll().where("agent_key", "=", reference),
);

/** By id or key; text that can be neither names no agent. */
export const findAgent = (queries: TenantQueries, reference: string): Promise<StoredAgent | undefined> =>
  readAgent(queries, reference, findById, findByKey);

/** For a change: the row stays as it was read until the transaction ends. */
export async function lockAgent(queries: TenantQueries, reference: string): Promise<StoredAgent> {
  const agent = await readAgent(queries, reference, lockById, lockByKey);
  if (!agent) throw notFound("agent", reference);
  return agent;
}

async function readAgent(
  queries: TenantQueries,
  reference: string,
  byId: typeof findById,
  byKey: typeof findByKey,
): Promise<StoredAgent | undefined> {
  if (isUuid(reference)) return toFirst(await byId(queries, { reference: reference.toLowerCase() }));
  return isSlug(reference) ? toFirst(await byKey(queries, { reference })) : undefined;
}

const toFirst = ([row]: readonly AgentsTable[]): StoredAgent | undefined => row && toStoredAgent(row);

/** Those of these agents that the tenant has, by id. */
export async function findAgentsById(
  queries: TenantQueries,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredAgent>> {
  if (ids.length === 0) return new Map();
  const rows = await queries.selectFrom("agents").selectAll().where("id", "in", ids).execute();
  return new Map(rows.map((row) => [row.id, toStoredAgent(row)]));
}

/** The agent with the default key, else the one that is marked as the default. */
export async function findDefaultAgent(queries: TenantQueries): Promise<StoredAgent | undefined> {
  const rows = await queries
    .selectFrom("agents")
    .selectAll()
    .where((where) => where.or([where("agent_key", "=", DEFAULT_AGENT_KEY), where("is_default", "=", IS_DEFAULT)]))
    .execute();
  const row = rows.find(({ agent_key }) => agent_key === DEFAULT_AGENT_KEY) ?? rows[0];
  return row && toStoredAgent(row);
}

const newestFirst = (queries: TenantQueries) =>
  queries.selectFrom("agents").selectAll().orderBy("created_at", "desc").orderBy("id", "desc");

export async function listAllAgents(queries: TenantQueries): Promise<StoredAgent[]> {
  return (await newestFirst(queries).execute()).map(toStoredAgent);
}

/** The user's own agents, those shared with it, and the default one. */
export async function listUsableAgents(queries: TenantQueries, userId: string): Promise<StoredAgent[]> {
  return (await selectUsable(queries, { userId })).map(toStoredAgent);
}

const selectUsable = prepareQuery<{ readonly userId: string }, AgentsTable>((queries, { userId }) => {
  const shared = queries.selectFrom("agent_shares").select("agent_id").where("user_id", "=", userId);
  return newestFirst(queries).where((where) =>
    where.or([where("owner_id", "=", userId), where("is_default", "=", IS_DEFAULT), where("id", "in", shared)]),
  );
});

export async function findShare(
  queries: TenantQueries,
  agentId: string,
  userId: string,
): Promise<AgentShare | undefined> {
  return queries
    .selectFrom("agent_shares")
    .selectAll()
    .where("agent_id", "=", agentId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
}

export const listShares = (queries: TenantQueries, agentId: string): Promise<AgentShare[]> =>
  queries
    .selectFrom("agent_shares")
    .selectAll()
    .where("agent_id", "=", agentId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();

/** Makes room for another default agent. The lock keeps two calls from both leaving theirs. */
export async function clearDefault(queries: TenantQueries): Promise<void> {
  await queries.selectForUpdate("agents").select("id").where("is_default", "=", IS_DEFAULT).execute();
  await queries
    .updateTable("agents")
    .set({ is_default: toBit(false) })
    .where("is_default", "=", IS_DEFAULT)
    .execute();
}
