import type { FindNearest, StoreSigns } from "#db/memory/vector-search.ts";

/** Counting differing bits needs no extension. https://www.postgresql.org/docs/current/functions-bitstring.html */
export const POSTGRES_VECTOR_INDEX: readonly string[] = [
  `create table memory_vectors (
    chunk_id text not null primary key references memory_chunks (id) on delete cascade,
    tenant_id text not null references tenants (id) on delete cascade,
    space text not null, vector bytea not null)`,
  // Floats do not compress, so compressing them would only cost time.
  "alter table memory_vectors alter column vector set storage external",
  `create table memory_signs (
    tenant_id text not null references tenants (id) on delete cascade,
    agent_id text not null, space text not null, user_id text not null,
    place bigint not null references memory_chunks (place) on delete cascade,
    signs bit varying not null, primary key (tenant_id, agent_id, space, user_id, place))`,
  "create index memory_signs_place on memory_signs (place)",
];

export const storeSignsInPostgres: StoreSigns = (tenantId, chunks) => ({
  sql: `insert into memory_signs (tenant_id, agent_id, space, user_id, place, signs)
    select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bit varying[])`,
  parameters: [
    tenantId,
    chunks.map(({ agentId }) => agentId),
    chunks.map(({ space }) => space),
    chunks.map(({ userId }) => userId),
    chunks.map(({ place }) => place),
    chunks.map(({ signs }) => toBits(signs)),
  ],
});

type Run = <Row>(sql: string, parameters: readonly unknown[]) => Promise<readonly Row[]>;

/** Creates the search on a connection. The server compares, so nothing waits here. */
export const createFindNearest =
  (run: Run): FindNearest =>
  async (tenantId, { agentId, userIds, space, signs, limit }) => {
    const rows = await run<{ readonly place: string | number }>(
      `select place from memory_signs
        where tenant_id = $1 and agent_id = $2 and space = $3 and ($4::text[] is null or user_id = any ($4))
          and length(signs) = ${signs.length * BYTE_BITS}
        order by bit_count(signs # $5::bit varying), place desc limit ${Math.trunc(limit)}`,
      [tenantId, agentId, space, userIds ? [...userIds] : null, toBits(signs)],
    );
    return rows.map(({ place }) => Number(place));
  };

const BYTE_BITS = 8;

/** Writes bytes as a bit string in hex. */
const toBits = (signs: Uint8Array): string => `x${Buffer.from(signs).toString("hex")}`;
