import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { newId } from "#base/ids.ts";
import { openMigratedDatabase } from "#testing/migrated-database.ts";
import { testDialects } from "#testing/test-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const LOST = "outcome unknown: the gateway stopped while it was sent";

describe.each([...testDialects()])(
  "a database of a release that did not note which parts are lost, on %s",
  (dialect) => {
    test("counts every part of a message with an unknown outcome as lost, and none of any other", async () => {
      const database = await openMigratedDatabase(dialect, NOW);
      const system = database.system("a test of migrations");
      const [tenant, agent, instance] = [newId(), newId(), newId()];
      await system.write(async (db) => {
        await sql`delete from schema_migrations where name = '0044-channel-outbox'`.execute(db);
        for (const index of ["channel_outbound_instances", "channel_outbound_states"])
          await sql`drop index ${sql.ref(index)}`.execute(db);
        for (const column of ["parts", "lost_parts", "repeat_parts", "retried_at"])
          await sql`alter table channel_outbound drop column ${sql.ref(column)}`.execute(db);
        await sql`insert into tenants values (${tenant}, 'T', 't', 'active', '{}', ${NOW}, ${NOW})`.execute(db);
        await sql`insert into agents values (${agent}, ${tenant}, 'a', 'ada', 'p', 'm', 'active', 0, '{}', ${NOW}, ${NOW})`.execute(
          db,
        );
        await sql`insert into channel_instances (id, tenant_id, agent_id, name, display_name, channel_type, credentials,
        config, enabled, is_default, created_by, created_at, updated_at) values (${instance}, ${tenant}, ${agent}, 'bot',
        '', 'telegram', '{}', 'null', 1, 0, 'ada', ${NOW}, ${NOW})`.execute(db);
        for (const [id, state, parts_sent, error] of [
          ["a", "sent", 2, null],
          ["b", "uncertain", 1, LOST],
          ["c", "uncertain", 3, LOST],
          ["d", "pending", 1, LOST],
          ["e", "failed", 1, "the receiver answered 400"],
        ] as const)
          await sql`insert into channel_outbound (id, tenant_id, instance_id, key, chat_key, content, state, parts_sent,
          attempt, external_ids, error, created_at) values (${id}, ${tenant}, ${instance}, ${id}, 'direct:42', '{}',
          ${state}, ${parts_sent}, 1, '[]', ${error}, ${NOW})`.execute(db);
      });

      expect(await database.migrate(new Date(NOW))).toEqual(["0044-channel-outbox"]);
      const rows = await system.read
        .selectFrom("channel_outbound")
        .select(["id", "lost_parts"])
        .orderBy("id")
        .execute();
      expect(rows.map(({ id, lost_parts }) => `${id} ${lost_parts}`)).toEqual([
        ...["a []", "b [0]", "c [0,1,2]", "d [0]", "e []"],
      ]);
    });
  },
);
