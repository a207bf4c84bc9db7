import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId, toTenantId } from "#base/ids.ts";
import type { Database } from "#db/database.ts";
import { MIGRATIONS } from "#db/migrations/index.ts";
import { readEvents, readLastMessageEvent } from "#runtime/runs/write-events.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const LAST_WITH_ONE_ROW_PER_EVENT = "0004-open-runs-by-end";

/** Migrates a database to the schema of an earlier release. */
async function migrateUpTo(database: Database, last: string): Promise<void> {
  const index = MIGRATIONS.findIndex(({ name }) => name === last);
  await database.system("a test of migrations").write(async (db) => {
    await sql`create table schema_migrations (name text primary key, applied_at text not null)`.execute(db);
    for (const { name, statements } of MIGRATIONS.slice(0, index + 1)) {
      for (const statement of statements) await sql.raw(statement).execute(db);
      await sql`insert into schema_migrations values (${name}, ${NOW})`.execute(db);
    }
  });
}

async function insertOldRun(database: Database, tenant: string, run: string): Promise<void> {
  const agent = newId();
  await database.system("a test of migrations").write(async (db) => {
    await sql`insert into tenants values (${tenant}, 'T', 't', 'active', '{}', ${NOW}, ${NOW})`.execute(db);
    await sql`insert into agents values (${agent}, ${tenant}, 'a', 'ada', 'p', 'm', 'active', 0, '{}', ${NOW}, ${NOW})`.execute(
      db,
    );
    await sql`insert into runs (id, tenant_id, agent_id, agent_key, session_id, session_key, user_id, kind, status,
      is_attached, is_resumable, attempt, deaths, queue_priority, last_seq, input_preview, options, usage, cost, trace_id,
      metadata, created_at) values (${run}, ${tenant}, ${agent}, 'a', 's', 'k', 'ada', 'chat', 'running',
      0, 1, 1, 0, 0, 4, '', '{}', '{}', 0, 'trace', '{}', ${NOW})`.execute(db);
    const events = [
      ["run.queued", "{}"],
      ["run.started", '{"attempt":1}'],
      ["message.started", '{"messageId":"m1"}'],
      ["tool.result", '{"callId":"c","name":"n","text":"\\"type\\":\\"message.completed\\"","isError":false}'],
    ] as const;
    for (const [index, [type, body]] of events.entries()) {
      await sql`insert into run_events (run_id, seq, tenant_id, type, body, created_at)
        values (${run}, ${index + 1}, ${tenant}, ${type}, ${body}, ${NOW})`.execute(db);
    }
  });
}

/** A Postgres under load takes a while for all migrations. */
const TIMEOUT = 60_000;

describe.each([...testDialects()])("events that an earlier release stored on %s", (dialect) => {
  test(
    "are read unchanged after the migration",
    async () => {
      const home = mkdtempSync(join(tmpdir(), "goclaw-events-"));
      const { database, dispose } = await openTestDatabase(dialect, home);
      const [tenant, run] = [newId(), newId()];
      await migrateUpTo(database, LAST_WITH_ONE_ROW_PER_EVENT);
      await insertOldRun(database, tenant, run);
      await database.migrate(new Date(NOW));

      const { read } = database.forTenant(toTenantId(tenant));
      expect(await readEvents(read, run, 0, 100)).toEqual([
        { type: "run.queued", seq: 1 },
        { type: "run.started", attempt: 1, seq: 2 },
        { type: "message.started", messageId: "m1", seq: 3 },
        { type: "tool.result", callId: "c", name: "n", text: '"type":"message.completed"', isError: false, seq: 4 },
      ]);
      expect(await readEvents(read, run, 3, 100)).toMatchObject([{ type: "tool.result", seq: 4 }]);
      expect(await readEvents(read, run, 1, 2)).toMatchObject([{ seq: 2 }, { seq: 3 }]);
      expect(await readLastMessageEvent(read, run)).toEqual({
        type: "message.started",
        messageId: "m1",
        seq: 3,
      });
      await dispose();
      rmSync(home, { recursive: true });
    },
    TIMEOUT,
  );
});
