import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { MASTER_TENANT_ID, newId, type TenantId } from "#base/ids.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const OTHER = newId() as TenantId;

describe.each([...testDialects()])("reports on %s", async (dialect) => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-reports-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  afterAll(async () => {
    await dispose();
    // The threads have let go of the file, so SQLite leaves no log beside it.
    expect(readdirSync(home).filter((name) => name.endsWith("-wal"))).toEqual([]);
    rmSync(home, { recursive: true });
  });
  await database.migrate(new Date());
  await database.system("a test of reports").write(async (db) => {
    for (const id of [MASTER_TENANT_ID, OTHER])
      await sql`insert into tenants values (${id}, ${id}, ${id}, 'active', '{}', 'x', 'x')`.execute(db);
  });
  const { reports, write } = database.forTenant(MASTER_TENANT_ID);
  const log = (action: string, tenant = write) =>
    tenant((queries) =>
      queries
        .insertInto("activity_logs", {
          ...{ id: newId(), actor_type: "user", actor_id: "ada", action, entity_type: "agent", entity_id: "a" },
          ...{ seq: 0, hash: "", details: null, ip_address: "", created_at: "2026-01-01T00:00:00.000Z" },
        })
        .execute(),
    );
  const actions = () => reports.selectFrom("activity_logs").select("action").orderBy("id").execute();

  test("see what was committed right before, of their own tenant alone", async () => {
    expect(await actions()).toEqual([]);
    await log("seen 🦊");
    await log("another's", database.forTenant(OTHER).write);
    expect(await actions()).toEqual([{ action: "seen 🦊" }]);
  });

  test("leave the event loop free, however long they take", async () => {
    const done: string[] = [];
    const numbers = sql`(with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000000) select count(*) from n)`;
    const slow = reports
      .selectFrom("activity_logs")
      .select(sql<number>`count(*) + ${numbers}`.as("count"))
      .executeTakeFirstOrThrow()
      .then(({ count }) => done.push(`report ${count}`));
    await sleep(1);
    done.push("loop");
    await slow;
    expect(done).toEqual(["loop", "report 2000001"]);
  });

  test("tell of a statement that fails, and serve the next", async () => {
    const broken = reports.selectFrom("activity_logs").select(sql`no_such_column`.as("x")).execute();
    expect(await broken.catch((thrown: Error) => String(thrown.cause))).toContain("no_such_column");
    expect(await actions()).toHaveLength(1);
  });

  test("count from a query as from a table", async () => {
    const inner = reports.selectFrom("activity_logs").select("action");
    const counted = reports.selectFromQuery(inner).select(({ fn }) => fn.countAll<number>().as("count"));
    expect(Number((await counted.executeTakeFirstOrThrow()).count)).toBe(1);
  });
});
