import { type Expression, sql } from "kysely";
import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { isSlug } from "#base/slug.ts";
import { containsFolded } from "#db/expressions/contains-folded.ts";
import { jsonText } from "#db/expressions/json-text.ts";
import { prepareRead, prepareWrite } from "#db/prepared-query.ts";
import { sqlConstant } from "#db/sql-constant.ts";
import type { AgentsTable } from "#db/tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import type { AgentShare } from "#features/agents/schema.ts";
import { type StoredAgent, toStoredAgent } from "#features/agents/stored-agent.ts";

/** The key of the agent that the first start creates. This agent cannot be deleted. */
export const DEFAULT_AGENT_KEY = "default";

const IS_DEFAULT = sqlConstant(toBit(true));

interface Reference {
  readonly reference: string;
}

const findById = prepareRead<Reference, AgentsTable>((queries, { reference }) =>
  queries.selectFrom("agents").selectAll().where("id", "=", reference),
);

const findByKey = prepareRead<Reference, AgentsTable>((queries, { reference }) =>
  queries.selectFrom("agents").selectAll().where("agent_key", "=", reference),
);

const lockById = prepareWrite<Reference, AgentsTable>((queries, { reference }) =>
  queries.selectForUpdate("agents").selectAll().where("id", "=", reference),
);

const lockByKey = prepareWrite<Reference, AgentsTable>((queries, { reference }) =>
  queries.selectForUpdate("agents").selectAll().where("agent_key", "=", reference),
);

/** Finds an agent by id or key. */
export const findAgent = (queries: TenantReads, reference: string): Promise<StoredAgent | undefined> =>
  readAgent(queries, reference, findById, findByKey);

/** Reads an agent by id or key and locks its row until the transaction ends. Throws `NOT_FOUND`. */
export async function lockAgent(queries: TenantQueries, reference: string): Promise<StoredAgent> {
  const agent = await readAgent(queries, reference, lockById, lockByKey);
  if (!agent) throw notFound("agent", reference);
  return agent;
}

type ReadBy<Queries> = (queries: Queries, values: Reference) => Promise<readonly AgentsTable[]>;

async function readAgent<Queries extends TenantReads>(
  queries: Queries,
  reference: string,
  byId: ReadBy<Queries>,
  byKey: ReadBy<Queries>,
): Promise<StoredAgent | undefined> {
  if (isUuid(reference)) return toFirst(await byId(queries, { reference: reference.toLowerCase() }));
  return isSlug(reference) ? toFirst(await byKey(queries, { reference })) : undefined;
}

const toFirst = ([row]: readonly AgentsTable[]): StoredAgent | undefined => row && toStoredAgent(row);

/** Reads agents of the tenant and maps them by id. Ids that the tenant does not have are left out. */
export async function findAgentsById(
  queries: TenantReads,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredAgent>> {
  if (ids.length === 0) return new Map();
  const rows = await queries.selectFrom("agents").selectAll().where("id", "in", ids).execute();
  return new Map(rows.map((row) => [row.id, toStoredAgent(row)]));
}

/** The agents that may serve a call that names none. Both may be the same. */
export interface DefaultAgents {
  /** The agent with the default key. */
  readonly keyed: StoredAgent | undefined;
  /** The agent that is marked as the default. */
  readonly marked: StoredAgent | undefined;
}

export async function findDefaultAgents(queries: TenantReads): Promise<DefaultAgents> {
  const rows = await queries
    .selectFrom("agents")
    .selectAll()
    .where((where) => where.or([where("agent_key", "=", DEFAULT_AGENT_KEY), where("is_default", "=", IS_DEFAULT)]))
    .execute();
  const agents = rows.map(toStoredAgent);
  return {
    keyed: agents.find(({ key }) => key === DEFAULT_AGENT_KEY),
    marked: agents.find((agent) => agent.isDefault),
  };
}

const newestFirst = (queries: TenantReads) =>
  queries.selectFrom("agents").selectAll().orderBy("created_at", "desc").orderBy("id", "desc");

/** The agents of a list that one answer has. */
export interface AgentPage {
  readonly limit: number;
  readonly offset: number;
  /** Finds those of which a name has this text. Empty finds all. */
  readonly q: string;
}

export async function listAllAgents(queries: TenantReads, { limit, offset, q }: AgentPage): Promise<StoredAgent[]> {
  const found = newestFirst(queries).$if(q !== "", (query) => query.where(hasName(queries, q)));
  return (await found.limit(limit).offset(offset).execute()).map(toStoredAgent);
}

/** Lists the user's own agents, the agents shared with the user, and the default agent. Newest first. */
export async function listUsableAgents(queries: TenantReads, userId: string, page: AgentPage): Promise<StoredAgent[]> {
  const { q, ...slots } = page;
  if (q === "") return (await selectUsable(queries, { userId, ...slots })).map(toStoredAgent);
  const found = usableBy(queries, userId).where(hasName(queries, q));
  return (await found.limit(slots.limit).offset(slots.offset).execute()).map(toStoredAgent);
}

type UsableSlots = Omit<AgentPage, "q"> & { readonly userId: string };

const selectUsable = prepareRead<UsableSlots, AgentsTable>((queries, { userId, limit, offset }) =>
  usableBy(queries, userId).limit(limit).offset(offset),
);

const usableBy = (queries: TenantReads, userId: string | Expression<string>) =>
  newestFirst(queries).where(({ eb, or }) =>
    or([
      eb("owner_id", "=", userId),
      eb("is_default", "=", IS_DEFAULT),
      eb("id", "in", queries.selectFrom("agent_shares").select("agent_id").where("user_id", "=", userId)),
    ]),
  );

const hasName = (queries: TenantReads, text: string) =>
  containsFolded(
    queries.dialect,
    [...namesOf(queries), sql.ref("model"), sql.ref("provider"), sql.ref("owner_id")],
    text,
  );

const namesOf = ({ dialect }: TenantReads) => [sql.ref("agent_key"), jsonText(dialect, "config", "display_name")];

/** Selects the ids of the agents whose key or name has a text. */
export const selectNamedAgents = (queries: TenantReads, text: string) =>
  queries
    .selectFrom("agents")
    .select("id")
    .where(containsFolded(queries.dialect, namesOf(queries), text));

export async function findShare(
  queries: TenantReads,
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

export const listShares = (queries: TenantReads, agentId: string): Promise<AgentShare[]> =>
  queries
    .selectFrom("agent_shares")
    .selectAll()
    .where("agent_id", "=", agentId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();

/**
 * Removes the default mark from the current default agent. The lock prevents two default agents after concurrent calls.
 */
export async function clearDefault(queries: TenantQueries): Promise<void> {
  await queries.selectForUpdate("agents").select("id").where("is_default", "=", IS_DEFAULT).execute();
  await queries
    .updateTable("agents")
    .set({ is_default: toBit(false) })
    .where("is_default", "=", IS_DEFAULT)
    .execute();
}
