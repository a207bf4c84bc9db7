import { expect, test } from "bun:test";
import { sql } from "kysely";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { findNearest, storeSigns } from "#db/memory/vector-search.ts";
import { openMigratedDatabase } from "#testing/migrated-database.ts";

const TIME = "2026-01-01T00:00:00.000Z";
const [AGENT, DOCUMENT] = [newId(), newId()];
const CHUNKS = 150;

test("signs that an earlier release stored are found after the migration", async () => {
  const database = await openMigratedDatabase("sqlite", TIME);
  const system = database.system("a test of migrations");
  await system.write(async (db) => {
    for (const statement of [
      "drop trigger memory_signs_stored",
      "drop trigger memory_signs_deleted",
      "drop table memory_sign_blocks",
      "delete from schema_migrations where name = '0045-memory-sign-blocks'",
      `insert into tenants values ('${MASTER_TENANT_ID}', 'T', 't', 'active', '{}', '${TIME}', '${TIME}')`,
    ]) {
      await sql.raw(statement).execute(db);
    }
  });
  const { write, reports } = database.forTenant(MASTER_TENANT_ID);
  const places = await write(async (queries) => {
    const times = { created_at: TIME, updated_at: TIME };
    const facts = { agent_key: "a", owner_id: "o", provider: "p", model: "m", status: "active", config: "{}" } as const;
    await queries.insertInto("agents", { id: AGENT, ...facts, is_default: 0, ...times }).execute();
    const document = { id: DOCUMENT, agent_id: AGENT, user_id: "", path: "a.md", content: "", hash: "" };
    const more = { source: "api" as const, chunk_count: CHUNKS, ...times };
    await queries.insertInto("memory_documents", { ...document, ...more }).execute();
    const chunks = Array.from({ length: CHUNKS }, (_, line) => ({
      ...{ id: newId(), document_id: DOCUMENT, user_id: "", path: "a.md", scope: "", words: "", text: "" },
      ...{ start_line: line, end_line: line },
    }));
    await queries.insertInto("memory_chunks", chunks).execute();
    const stored = await queries.selectFrom("memory_chunks").select("place").orderBy("place").execute();
    await storeSigns(
      queries,
      stored.map(({ place }) => ({ agentId: AGENT, userId: "", space: "s", place, signs: signsOf(place) })),
    );
    return stored.map(({ place }) => place);
  });
  expect(await database.migrate(new Date(TIME))).toEqual(["0045-memory-sign-blocks"]);
  const wanted = places[100] ?? 0;
  const match = { agentId: AGENT, userIds: [""], space: "s", signs: signsOf(wanted), limit: CHUNKS };
  const found = await findNearest(reports, match);
  expect([found[0], found.toSorted((a, b) => a - b)]).toEqual([wanted, places]);
});

/** Signs that no other place has. */
const signsOf = (place: number): Uint8Array => new Uint8Array(new Uint32Array([place, ~place]).buffer);
