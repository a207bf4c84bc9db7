import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { newId, toTenantId } from "#base/ids.ts";
import { openMigratedDatabase } from "#testing/migrated-database.ts";
import { testDialects } from "#testing/test-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const NAME = "0048-usage-visits";

describe.each([...testDialects()])("a database of a release without visits on %s", (dialect) => {
  test("knows the last visit before each one after the migration", async () => {
    const database = await openMigratedDatabase(dialect, NOW);
    const [one, other] = [newId(), newId()];
    await database.system("a test of migrations").write(async (db) => {
      await sql`delete from schema_migrations where name = ${NAME}`.execute(db);
      await sql`drop index usage_users_visits`.execute(db);
      await sql`alter table usage_users drop column previous`.execute(db);
      for (const tenant of [one, other]) {
        await sql`insert into tenants values (${tenant}, 'T', ${tenant}, 'active', '{}', ${NOW}, ${NOW})`.execute(db);
      }
      for (const [tenant, grain, bucket, user] of [
        [one, "time-quarter", 90, "ada"],
        [one, "time-quarter", 97, "ada"],
        [one, "time-quarter", 98, "ada"],
        [one, "time-quarter", 97, "moe"],
        [one, "time-day", 96, "ada"],
        [other, "time-quarter", 98, "ada"],
      ]) {
        await sql`insert into usage_users values (${tenant}, ${grain}, ${bucket}, ${user}, '', '', '', '')`.execute(db);
      }
    });

    expect(await database.migrate(new Date(NOW))).toEqual([NAME]);
    const visitsOf = (tenant: string) =>
      database
        .forTenant(toTenantId(tenant))
        .read.selectFrom("usage_users")
        .select(["user_id", "bucket", "previous"])
        .orderBy("user_id")
        .orderBy("bucket")
        .execute();
    expect((await visitsOf(one)).map((row) => Object.values(row))).toEqual([
      ["ada", 90, 0],
      ["ada", 96, null],
      ["ada", 97, 90],
      ["ada", 98, 97],
      ["moe", 97, 0],
    ]);
    expect((await visitsOf(other)).map((row) => Object.values(row))).toEqual([["ada", 98, 0]]);
  });
});
