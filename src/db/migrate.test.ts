import { describe, expect, onTestFinished, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId, type TenantId, toTenantId } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import type { Database } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { NewerDatabaseError } from "#db/migrate.ts";
import { MIGRATIONS } from "#db/migrations/index.ts";
import { createTestDatabase, openTestDatabase, testDialects } from "#testing/test-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const RUNS_BY_READER = "0006-runs-by-reader";
/** Timeouts in milliseconds, as parameters of the connection URL. */
const SHORT_TIMEOUTS = { lock_timeout: "50", statement_timeout: "250" };
const LONGER_THAN_TIMEOUTS_MS = 600;

/** Creates a database of the release before this migration, with an open run and a failed run. */
async function createBefore(database: Database, name: string): Promise<TenantId> {
  const [tenant, agent] = [toTenantId(newId()), newId()];
  const index = MIGRATIONS.findIndex((migration) => migration.name === name);
  await database.system("a test of migrations").write(async (db) => {
    await sql`create table schema_migrations (name text primary key, applied_at text not null)`.execute(db);
    for (const migration of MIGRATIONS.slice(0, index)) {
      for (const statement of migration.statements) await sql.raw(statement).execute(db);
      await sql`insert into schema_migrations values (${migration.name}, ${NOW})`.execute(db);
    }
    await sql`insert into tenants values (${tenant}, 'T', 't', 'active', '{}', ${NOW}, ${NOW})`.execute(db);
    await sql`insert into agents values (${agent}, ${tenant}, 'a', 'ada', 'p', 'm', 'active', 0, '{}', ${NOW}, ${NOW})`.execute(
      db,
    );
    for (const [id, status, endedAt] of [
      ["r1", "running", null],
      ["r2", "failed", NOW],
    ]) {
      await sql`insert into runs (id, tenant_id, agent_id, agent_key, session_id, session_key, user_id, kind, status,
        is_attached, is_resumable, attempt, deaths, queue_priority, last_seq, input_preview, options, usage, cost,
        trace_id, metadata, created_at, ended_at) values (${id}, ${tenant}, ${agent}, 'a', 's', 'k', 'ada', 'chat',
        ${status}, 0, 1, 1, 0, 0, 4, '', '{}', '{}', 0, 'trace', '{}', ${NOW}, ${endedAt})`.execute(db);
    }
  });
  return tenant;
}

async function listRuns(database: Database, tenant: TenantId) {
  const { read } = database.forTenant(tenant);
  return read.selectFrom("runs").select(["id", "status"]).where("user_id", "=", "ada").orderBy("id", "desc").execute();
}

const RUNS = [
  { id: "r2", status: "failed" },
  { id: "r1", status: "running" },
];

describe.each([...testDialects()])("a database with runs of an earlier release on %s", (dialect) => {
  test("is migrated and keeps its runs", async () => {
    const home = mkdtempSync(join(tmpdir(), "goclaw-migrate-"));
    const { database, dispose } = await openTestDatabase(dialect, home);
    const tenant = await createBefore(database, RUNS_BY_READER);
    expect(await database.missingMigrations()).toContain(RUNS_BY_READER);
    await database.migrate(new Date(NOW));
    expect(await database.missingMigrations()).toEqual([]);
    expect(await listRuns(database, tenant)).toEqual(RUNS);
    await dispose();
    rmSync(home, { recursive: true });
  });
});

describe.each([...testDialects()])("the migrations of a database on %s", (dialect) => {
  const open = async () => {
    const home = mkdtempSync(join(tmpdir(), "goclaw-migrate-"));
    const { database, dispose } = await openTestDatabase(dialect, home);
    onTestFinished(async () => {
      await dispose();
      rmSync(home, { recursive: true });
    });
    return database;
  };
  const names = MIGRATIONS.map(({ name }) => name);

  test("are all missing from a new one and from one with tables of others, in their order", async () => {
    const database = await open();
    expect(await database.missingMigrations()).toEqual(names);
    await database.system("a test of migrations").write((db) => sql`create table notes (body text)`.execute(db));
    expect(await database.missingMigrations()).toEqual(names);
    expect(await database.migrate(new Date(NOW))).toEqual(names);
  });

  test("are recorded with the time of their application", async () => {
    const database = await open();
    await database.migrate(new Date(NOW));
    await database.migrate(new Date("2027-01-01T00:00:00.000Z"));
    const { rows } = await database
      .system("a test of migrations")
      .write((db) => sql`select name, applied_at from schema_migrations order by name`.execute(db));
    expect(rows).toEqual(names.map((name) => ({ name, applied_at: NOW })));
  });

  test("of a later release are refused", async () => {
    const database = await open();
    await database.migrate(new Date(NOW));
    await database
      .system("a test of migrations")
      .write((db) => sql`insert into schema_migrations values ('9999-later', ${NOW})`.execute(db));
    await expect(database.missingMigrations()).rejects.toThrow(NewerDatabaseError);
    await expect(database.migrate(new Date(NOW))).rejects.toThrow("9999-later");
  });
});

test.skipIf(!testDialects().includes("postgres"))(
  "on Postgres two gateways that start together both wait until the migration ends",
  async () => {
    const { url = "", drop } = await createTestDatabase("postgres");
    const holder = aGateway(url);
    const starting = [aGateway(url, SHORT_TIMEOUTS), aGateway(url, SHORT_TIMEOUTS)];
    onTestFinished(async () => {
      await Promise.all([holder, ...starting].map((gateway) => gateway.close()));
      await drop();
    });
    const tenant = await createBefore(holder, RUNS_BY_READER);
    const { migrating } = await holder.system("a test of migrations").write(async (db) => {
      await sql`lock table runs in access exclusive mode`.execute(db);
      const outcomes = Promise.all(starting.map((gateway) => gateway.migrate(new Date(NOW))));
      await Promise.race([outcomes, Bun.sleep(LONGER_THAN_TIMEOUTS_MS)]);
      return { migrating: outcomes };
    });
    const done = [...(await migrating)].sort((a, b) => a.length - b.length);
    expect(done).toEqual([[], expect.arrayContaining([RUNS_BY_READER])]);
    expect(await listRuns(holder, tenant)).toEqual(RUNS);
  },
);

function aGateway(url: string, limits: Readonly<Record<string, string>> = {}): Database {
  const limited = new URL(url);
  for (const [name, value] of Object.entries(limits)) limited.searchParams.set(name, value);
  return openPostgres({ url: new Secret(limited.href), size: 2, onIdleError: () => {} });
}
