import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { newId, toTenantId } from "#base/ids.ts";
import { chunk } from "#db/values.ts";
import { searchTextOf } from "#runtime/transcript/search-text.ts";
import { openMigratedDatabase } from "#testing/migrated-database.ts";
import { testDialects } from "#testing/test-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const NAMES = ["0046-session-texts", "0047-sessions-by-text"];
/** The migration stores a thousand texts at a time. */
const SESSIONS = 2_001;

describe.each([...testDialects()])("a database of a release without texts to search on %s", (dialect) => {
  test("has the texts of all sessions after the migration", async () => {
    const database = await openMigratedDatabase(dialect, NOW);
    const [tenant, agent] = [newId(), newId()];
    const system = database.system("a test of migrations");
    await system.write(async (db) => {
      await sql`delete from schema_migrations where name in (${sql.join(NAMES)})`.execute(db);
      await sql`drop index sessions_recent`.execute(db);
      await sql`alter table sessions drop column search_text`.execute(db);
      await sql`create index sessions_recent on sessions (tenant_id, updated_at)`.execute(db);
      await sql`insert into tenants values (${tenant}, 'T', 't', 'active', '{}', ${NOW}, ${NOW})`.execute(db);
      await sql`insert into agents values (${agent}, ${tenant}, 'a', 'ada', 'p', 'm', 'active', 0, '{}', ${NOW}, ${NOW})`.execute(
        db,
      );
      const rows = Array.from(
        { length: SESSIONS },
        (_, index) => sql`(${newId()}, ${tenant}, ${`Key ${index}`}, ${agent}, 'Zoë', 'http', ${`Đơn ${index}`}, '{}',
          null, null, '', null, 0, 0, 0, 0, 0, ${NOW}, ${NOW}, 1)`,
      );
      for (const some of chunk(rows)) await sql`insert into sessions values ${sql.join(some)}`.execute(db);
    });

    expect(await database.migrate(new Date(NOW))).toEqual(NAMES);
    const { read } = database.forTenant(toTenantId(tenant));
    const rows = await read.selectFrom("sessions").select(["key", "label", "user_id", "search_text"]).execute();
    expect(rows).toHaveLength(SESSIONS);
    expect(rows.find(({ key }) => key === "Key 7")?.search_text).toBe("key 7\ndon 7\nzoe");
    expect(rows.filter((row) => row.search_text !== searchTextOf(row))).toEqual([]);
  });
});
