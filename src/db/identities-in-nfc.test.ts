import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { newId } from "#base/ids.ts";
import { openMigratedDatabase } from "#testing/migrated-database.ts";
import { testDialects } from "#testing/test-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const COMPOSED = "nguyễn".normalize("NFC");
const SPELLINGS = [COMPOSED, "nguyễn".normalize("NFD"), "nguyê\u0303n"];

describe.each([...testDialects()])("a database of a release that stored ids as written, on %s", (dialect) => {
  test("has them in NFC after the migration, and loses no session and no run", async () => {
    const database = await openMigratedDatabase(dialect, NOW);
    const system = database.system("a test of migrations");
    const [tenant, agent] = [newId(), newId()];
    await system.write(async (db) => {
      await sql`delete from schema_migrations where name = '0012-identities-in-nfc'`.execute(db);
      await sql`insert into tenants values (${tenant}, 'T', 't', 'active', '{}', ${NOW}, ${NOW})`.execute(db);
      await sql`insert into agents values (${agent}, ${tenant}, 'a', ${SPELLINGS[1]}, 'p', 'm', 'active', 0, '{}', ${NOW}, ${NOW})`.execute(
        db,
      );
      for (const [index, user] of [...SPELLINGS, "ada", "张伟"].entries()) {
        const id = `id-${index}`;
        await sql`insert into tenant_users values (${tenant}, ${user}, ${`role-${index}`}, ${NOW})`.execute(db);
        await sql`insert into agent_shares values (${id}, ${tenant}, ${agent}, ${user}, 'user', ${user}, ${NOW}, ${NOW})`.execute(
          db,
        );
        await sql`insert into agent_instances values (${tenant}, ${agent}, ${user}, ${id}, '{}', ${NOW}, ${NOW})`.execute(
          db,
        );
        await sql`insert into sessions values (${id}, ${tenant}, ${`key of ${user}`}, ${agent}, ${user}, 'http', '', '{}',
          null, null, '', null, 0, 0, 0, 0, 0, ${NOW}, ${NOW}, 1, '')`.execute(db);
        await sql`insert into runs (id, tenant_id, agent_id, agent_key, session_id, session_key, user_id, kind, status,
          is_attached, is_resumable, attempt, deaths, queue_priority, last_seq, input_preview, options, usage, cost,
          trace_id, metadata, created_at) values (${id}, ${tenant}, ${agent}, 'a', ${id}, ${`key of ${user}`}, ${user},
          'chat', 'completed', 0, 1, 1, 0, 0, 4, '', '{}', '{}', 0, 'trace', '{}', ${NOW})`.execute(db);
      }
    });

    expect(await database.migrate(new Date(NOW))).toEqual(["0012-identities-in-nfc"]);
    const rows = await system.write(async (db) => ({
      members: await db.selectFrom("tenant_users").select(["user_id", "role"]).orderBy("role").execute(),
      shares: await db.selectFrom("agent_shares").select(["user_id", "granted_by"]).orderBy("id").execute(),
      files: await db.selectFrom("agent_instances").select(["user_id", "user_file"]).orderBy("user_file").execute(),
      agents: await db.selectFrom("agents").select("owner_id").execute(),
      sessions: await db.selectFrom("sessions").select(["user_id", "key"]).orderBy("id").execute(),
      runs: await db.selectFrom("runs").select(["user_id", "session_key"]).orderBy("id").execute(),
    }));
    const people = [COMPOSED, "ada", "张伟"];
    expect(rows.members.map(({ user_id, role }) => `${user_id} ${role}`)).toEqual([
      `${COMPOSED} role-0`,
      "ada role-3",
      "张伟 role-4",
    ]);
    expect(rows.shares.map(({ user_id, granted_by }) => [user_id, granted_by])).toEqual(people.map((id) => [id, id]));
    expect(rows.files.map(({ user_id, user_file }) => `${user_id} ${user_file}`)).toEqual([
      `${COMPOSED} id-0`,
      "ada id-3",
      "张伟 id-4",
    ]);
    expect(rows.agents).toEqual([{ owner_id: COMPOSED }]);
    const users = [COMPOSED, COMPOSED, COMPOSED, "ada", "张伟"];
    const keys = ["", "-id-1", "-id-2", "", ""].map((suffix, index) => `key of ${users[index]}${suffix}`);
    expect(rows.sessions).toEqual(users.map((user_id, index) => ({ user_id, key: keys[index] ?? "" })));
    expect(rows.runs).toEqual(users.map((user_id, index) => ({ user_id, session_key: keys[index] ?? "" })));
  });
});
