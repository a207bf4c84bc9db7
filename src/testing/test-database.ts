import { join } from "node:path";
import pg from "pg";
import { randomHex } from "#base/random-hex.ts";
import { Secret } from "#base/secret.ts";
import type { Database } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";

export type TestDialect = "sqlite" | "postgres";

/** Returns the dialects to test: always SQLite, and Postgres if the test runner found or started a server. */
export const testDialects = (): readonly TestDialect[] =>
  process.env.GOCLAW_TEST_POSTGRES_URL ? ["sqlite", "postgres"] : ["sqlite"];

export interface TestDatabaseUrl {
  /** Undefined means SQLite in the gateway's home. */
  readonly url: string | undefined;
  drop(): Promise<void>;
}

/** Creates an empty database on the Postgres test server. For SQLite there is nothing to create. */
export async function createTestDatabase(dialect: TestDialect): Promise<TestDatabaseUrl> {
  if (dialect === "sqlite") return { url: undefined, drop: async () => {} };
  const admin = process.env.GOCLAW_TEST_POSTGRES_URL ?? "";
  const name = `goclaw_test_${randomHex(8)}`;
  await runStatement(admin, `create database ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runStatement(admin, `drop database if exists ${name} with (force)`) };
}

/** Opens a new database, for tests of the database layer itself. */
export async function openTestDatabase(
  dialect: TestDialect,
  home: string,
): Promise<{ readonly database: Database; dispose(): Promise<void> }> {
  const { url, drop } = await createTestDatabase(dialect);
  const database = url
    ? openPostgres({ url: new Secret(url), size: 5, onIdleError: () => {} })
    : openSqlite(join(home, "goclaw.db"));
  const dispose = async () => {
    await database.close();
    await drop();
  };
  return { database, dispose };
}

async function runStatement(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
