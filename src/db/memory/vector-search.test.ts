import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { MASTER_TENANT_ID, newId, type TenantId } from "#base/ids.ts";
import { findNearest, storeSigns } from "#db/memory/vector-search.ts";
import { chunk } from "#db/values.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const OTHER = newId() as TenantId;
const AGENT = newId();
const TIME = "2026-01-01T00:00:00.000Z";
const SIGN_BYTES = 8;
/** More than the reader of SQLite reads at once. */
const ROWS = 11_000;
const USERS = ["", "Bob", "bob", "ng 🦊", "~"];

interface Row {
  readonly tenant: TenantId;
  readonly user: string;
  readonly space: string;
  readonly place: number;
  readonly signs: Uint8Array;
}

/** Returns bytes that look random and are the same for the same number. */
const signsOf = (number: number): Uint8Array =>
  new Uint8Array(new Bun.CryptoHasher("sha256").update(`${number}`).digest()).slice(0, SIGN_BYTES);

const distanceOf = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, byte, index) => sum + (byte ^ (b[index] ?? 0)).toString(2).replaceAll("0", "").length, 0);

describe.each([...testDialects()])("the nearest signs on %s", async (dialect) => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-signs-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  afterAll(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });
  await database.migrate(new Date());
  const rows: Row[] = [];
  for (const [tenant, count] of [
    [MASTER_TENANT_ID, ROWS],
    [OTHER, 10],
  ] as const) {
    await database.system("a test of vectors").write(async (db) => {
      await sql`insert into tenants values (${tenant}, ${tenant}, ${tenant}, 'active', '{}', 'x', 'x')`.execute(db);
    });
    await database.forTenant(tenant).write(async (queries) => {
      const times = { created_at: TIME, updated_at: TIME };
      const agent = tenant === OTHER ? newId() : AGENT;
      const facts = {
        agent_key: "a",
        owner_id: "o",
        provider: "p",
        model: "m",
        status: "active",
        is_default: 0 as const,
      };
      await queries.insertInto("agents", { id: agent, ...facts, config: "{}", ...times }).execute();
      const document = { id: newId(), agent_id: agent, user_id: "", path: "a.md", content: "", hash: "" };
      const more = { source: "api" as const, chunk_count: count, ...times };
      await queries.insertInto("memory_documents", { ...document, ...more }).execute();
      for (const numbers of chunk(
        Array.from({ length: count }, (_, number) => number),
        500,
      )) {
        const chunks = numbers.map((number) => ({
          ...{ id: newId(), document_id: document.id, user_id: USERS[number % USERS.length] ?? "", path: "a.md" },
          ...{ scope: "", words: "", text: "", start_line: number, end_line: number },
        }));
        await queries.insertInto("memory_chunks", chunks).execute();
        const ids = chunks.map(({ id }) => id);
        const stored = queries.selectFrom("memory_chunks").select(["place", "user_id", "start_line"]);
        const signed = (await stored.where("id", "in", ids).execute()).map(({ place, user_id, start_line }) => ({
          ...{ agentId: AGENT, userId: user_id, space: start_line % 7 === 0 ? "old" : "new" },
          ...{ place: Number(place), signs: signsOf(start_line) },
        }));
        await storeSigns(queries, signed);
        rows.push(...signed.map(({ userId, ...row }) => ({ tenant, user: userId, ...row })));
      }
    });
  }
  const { reports, write } = database.forTenant(MASTER_TENANT_ID);
  const expected = (signs: Uint8Array, userIds: readonly string[] | undefined, limit: number) =>
    rows
      .filter(
        ({ tenant, space, user }) =>
          tenant === MASTER_TENANT_ID && space === "new" && (userIds?.includes(user) ?? true),
      )
      .map(({ place, signs: own }) => ({ place, distance: distanceOf(own, signs) }))
      .toSorted((a, b) => a.distance - b.distance || b.place - a.place)
      .slice(0, limit)
      .map(({ place }) => place);

  test.each([
    ["of one user", ["bob"], 64],
    ["of two users", ["", "ng 🦊"], 64],
    ["of every user", undefined, 64],
    ["of every user, all of them", undefined, 20_000],
    ["of a user who has none", ["eve"], 64],
    ["of nobody", [], 64],
  ])("%s are found exactly, in one tenant and space", async (_, userIds, limit) => {
    const signs = signsOf(-1);
    const match = { agentId: AGENT, userIds, space: "new", signs, limit };
    expect(await findNearest(reports, match)).toEqual(expected(signs, userIds, limit));
  });

  test("are not searched on the event loop, and storing none of them is no statement", async () => {
    const { read } = database.forTenant(MASTER_TENANT_ID);
    const match = { agentId: AGENT, userIds: ["eve"], space: "new", signs: signsOf(-1), limit: 5 };
    const found = await findNearest(read, match).catch((thrown: Error) => thrown.message);
    expect(found).toEqual(dialect === "sqlite" ? "a handle on the event loop was asked to visit all vectors" : []);
    await write((queries) => storeSigns(queries, []));
  });

  test("of what changed after a search are compared as they are now", async () => {
    const match = { agentId: AGENT, userIds: undefined, space: "new", signs: signsOf(-1), limit: 20_000 };
    expect(await findNearest(reports, match)).toEqual(expected(match.signs, undefined, match.limit));
    const own = rows.filter(({ tenant, space }) => tenant === MASTER_TENANT_ID && space === "new");
    const [gone, changed] = [own.filter((_, at) => at % 3 === 0), own.filter((_, at) => at % 300 === 1)];
    const placesOf = (some: readonly Row[]) => some.map(({ place }) => place);
    const fresh = changed.map((row) => ({ ...row, signs: signsOf(-row.place) }));
    await write(async (queries) => {
      for (const places of chunk(placesOf(gone), 500)) {
        await queries.deleteFrom("memory_chunks").where("place", "in", places).execute();
      }
      await queries.deleteFrom("memory_signs").where("place", "in", placesOf(changed)).execute();
      await storeSigns(
        queries,
        fresh.map(({ user: userId, space, place, signs }) => ({ agentId: AGENT, userId, space, place, signs })),
      );
    });
    const left = new Set([...gone, ...changed]);
    rows.splice(0, rows.length, ...rows.filter((row) => !left.has(row)), ...fresh);
    expect(await findNearest(reports, match)).toEqual(expected(match.signs, undefined, match.limit));
  });

  test("of another length are left out, and those of a deleted document are gone", async () => {
    const match = { agentId: AGENT, userIds: undefined, space: "new", limit: 5 };
    expect(await findNearest(reports, { ...match, signs: new Uint8Array(2 * SIGN_BYTES) })).toEqual([]);
    await write((queries) => queries.deleteFrom("memory_documents").execute());
    expect(await findNearest(reports, { ...match, signs: signsOf(1) })).toEqual([]);
  });
});
