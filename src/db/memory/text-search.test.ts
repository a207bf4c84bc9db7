import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId, type TenantId, toTenantId } from "#base/ids.ts";
import { countWords, findChunks } from "#db/memory/text-search.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const TIME = "2026-01-01T00:00:00.000Z";

/** The chunks of a tenant in the order in which they are stored: their scopes and their words. */
const CHUNKS: readonly (readonly [scope: string, words: string])[] = [
  ["T1 A1", "phở bò hà nội"],
  ["T1 A1 U1", "phở gà"],
  ["T1 A2", "phở chay bún"],
  ["T1 A1", "or and not near a1 u1"],
  ["T1 A1", "bún bò bún"],
  ["T1 A1", "日本 本語 москва straße"],
];

describe.each([...testDialects()])("a search for words on %s", async (dialect) => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-words-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  await database.migrate(new Date(TIME));
  afterAll(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });
  const [tenant, other] = [await aTenantWith(CHUNKS), await aTenantWith([["T2 B1", "phở elsewhere"]])];
  const { read } = database.forTenant(tenant);

  async function aTenantWith(chunks: typeof CHUNKS): Promise<TenantId> {
    const [id, agent, document] = [toTenantId(newId()), newId(), newId()];
    await database.system("a test of words").write(async (db) => {
      await sql`insert into tenants values (${id}, 'T', ${id}, 'active', '{}', 'x', 'x')`.execute(db);
      await sql`insert into agents values (${agent}, ${id}, 'a', 'o', 'p', 'm', 'active', 0, '{}', 'x', 'x')`.execute(
        db,
      );
    });
    await database.forTenant(id).write(async (queries) => {
      const facts = { id: document, agent_id: agent, user_id: "", path: "a.md", content: "", hash: "" };
      const more = { source: "api" as const, chunk_count: chunks.length, created_at: TIME, updated_at: TIME };
      await queries.insertInto("memory_documents", { ...facts, ...more }).execute();
      for (const [line, [scope, words]] of chunks.entries()) {
        const row = { id: newId(), document_id: document, user_id: "ngọc", path: "a.md", scope, words, text: "" };
        await queries.insertInto("memory_chunks", { ...row, start_line: line, end_line: line }).execute();
      }
    });
    return id;
  }

  const find = async (scopes: readonly string[], words: readonly string[], needs: "one" | "every", limit = 100) => {
    const found = await findChunks(read, { scopes, words, needs, limit });
    return found.map(({ start_line: line }) => line).toSorted();
  };

  test.each<[scopes: readonly string[], words: readonly string[], one: readonly number[], every: readonly number[]]>([
    [["A1"], ["phở"], [0, 1], [0, 1]],
    [["A1"], ["phở", "bò"], [0, 1, 4], [0]],
    [["A1", "A2"], ["phở", "bún"], [0, 1, 2, 4], [2]],
    [["U1"], ["phở"], [1], [1]],
    [["A1"], ["bún", "gà", "bò"], [0, 1, 4], []],
    [["A3"], ["phở"], [], []],
    [["A1"], ["pho"], [], []],
    [["A1"], ["ph"], [], []],
    [["A1"], ["or"], [3], [3]],
    [["A1"], ["not", "near", "and"], [3], [3]],
    [["A1"], ["a1"], [3], [3]],
    [["A1"], ["本語", "москва", "straße"], [5], [5]],
    [["A1"], ["日本語"], [], []],
    [["A1"], ["elsewhere"], [], []],
    [["B1"], ["elsewhere"], [], []],
  ])("in %j for %j finds those with one, or with every one", async (scopes, words, one, every) => {
    expect([await find(scopes, words, "one"), await find(scopes, words, "every")]).toEqual([[...one], [...every]]);
  });

  test("finds those that were stored last, up to a limit", async () => {
    const limited = [1, 2, 3, 9].map((limit) => find(["A1"], ["phở", "bún"], "one", limit));
    expect(await Promise.all(limited)).toEqual([[4], [1, 4], [0, 1, 4], [0, 1, 4]]);
  });

  test("shows what was stored, with a place that is a number", async () => {
    const [chunk] = await findChunks(read, { scopes: ["A1"], words: ["gà"], needs: "one", limit: 5 });
    const stored = await read.selectFrom("memory_chunks").selectAll().where("start_line", "=", 1).executeTakeFirst();
    expect(stored).toBeDefined();
    const { id, document_id, place } = stored ?? {};
    expect(chunk as unknown).toEqual({
      ...{ place: Number(place), id, document_id, start_line: 1 },
      ...{ words: "phở gà", user_id: "ngọc", path: "a.md" },
    });
  });

  test("counts the chunks with each word, up to a limit, and knows of words without any", async () => {
    const words = ["phở", "bò", "gà", "elsewhere"];
    const count = async (scopes: readonly string[], limit: number) =>
      Object.fromEntries(await countWords(read, { scopes, words, limit }));
    expect(await count(["A1"], 100)).toEqual({ phở: 2, bò: 2, gà: 1, elsewhere: 0 });
    expect(await count(["A1", "A2"], 100)).toEqual({ phở: 3, bò: 2, gà: 1, elsewhere: 0 });
    expect(await count(["A1", "A2"], 2)).toEqual({ phở: 2, bò: 2, gà: 1, elsewhere: 0 });
    expect(await count(["A1"], 1)).toEqual({ phở: 1, bò: 1, gà: 1, elsewhere: 0 });
  });

  test("finds nothing of a document that was deleted", async () => {
    const theirs = database.forTenant(other);
    const match = { scopes: ["B1"], words: ["elsewhere"], needs: "one", limit: 5 } as const;
    expect(await findChunks(theirs.read, match)).toHaveLength(1);
    await theirs.write((queries) => queries.deleteFrom("memory_documents").execute());
    expect(await findChunks(theirs.read, match)).toEqual([]);
  });
});
