import { describe, expect, onTestFinished, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId, type TenantId, toTenantId } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import type { Database } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { MIGRATIONS } from "#db/migrations/index.ts";
import { createTestDatabase, openTestDatabase, testDialects } from "#testing/test-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const RUNS_BY_READER = "0006-runs-by-reader";
/** Limits of connections in milliseconds, as names of the URL. */
const IMPATIENT = { lock_timeout: "50", statement_timeout: "250" };
const LONGER_THAN_IMPATIENT_MS = 600;

/** A database as the release before this migration left it, with a run that is open and one that failed. */
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
  test("is brought up to date with them in it", async () => {
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

test.skipIf(!testDialects().includes("postgres"))(
  "on Postgres two gateways that start at once both wait for as long as a migration takes",
  async () => {
    const { url = "", drop } = await createTestDatabase("postgres");
    const patient = aGateway(url);
    const starting = [aGateway(url, IMPATIENT), aGateway(url, IMPATIENT)];
    onTestFinished(async () => {
      await Promise.all([patient, ...starting].map((gateway) => gateway.close()));
      await drop();
    });
    const tenant = await createBefore(patient, RUNS_BY_READER);
    const { migrating } = await patient.system("a test of migrations").write(async (db) => {
      await sql`lock table runs in access exclusive mode`.execute(db);
      const outcomes = Promise.all(starting.map((gateway) => gateway.migrate(new Date(NOW))));
      await Promise.race([outcomes, Bun.sleep(LONGER_THAN_IMPATIENT_MS)]);
      return { migrating: outcomes };
    });
    const done = [...(await migrating)].sort((a, b) => a.length - b.length);
    expect(done).toEqual([[], expect.arrayContaining([RUNS_BY_READER])]);
    expect(await listRuns(patient, tenant)).toEqual(RUNS);
  },
);

function aGateway(url: string, limits: Readonly<Record<string, string>> = {}): Database {
  const limited = new URL(url);
  for (const [name, value] of Object.entries(limits)) limited.searchParams.set(name, value);
  return openPostgres({ url: new Secret(limited.href), size: 2, onIdleError: () => {} });
}
