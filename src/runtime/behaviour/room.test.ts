import { afterAll, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;

// SQLite has one writer, so a session's lock cannot delay the storing of a run there.
describe.each([...testDialects()].filter((dialect) => dialect === "postgres"))(
  "room for runs on %s",
  async (dialect) => {
    const gateway = await startRunGateway({ dialect, env: { GOCLAW_RUNS_MAX_CONCURRENT: "1" } });
    const { call, start, waitForEnd, model } = gateway;
    afterAll(() => gateway.stop());

    /** Holds a session's lock. The returned function gives the session to another agent and releases the lock. */
    const hold = async (key: string, agentId: string) => {
      const held = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      const done = gateway.gateway.database.forTenant(MASTER_TENANT_ID).write(async (queries) => {
        await queries.selectForUpdate("sessions").select("id").where("key", "=", key).execute();
        held.resolve();
        await release.promise;
        await queries.updateTable("sessions").set({ agent_id: agentId }).where("key", "=", key).execute();
      });
      await held.promise;
      return async () => {
        release.resolve();
        await done;
      };
    };

    const untilALockIsAwaited = async () => {
      const system = gateway.gateway.database.system("the test looks at the server's locks");
      const waiting = sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while ((await system.write((queries) => waiting.execute(queries))).rows.length === 0) await Bun.sleep(5);
    };

    test(
      "that was reserved for a refused run goes to a waiting run",
      async () => {
        model.script(() => ({ text: "well" }));
        const session_key = `agent:${AGENT}:room`;
        await waitForEnd((await start("one", { session_key })).body.id);
        const other = (await call("POST", "/v1/agents", { agent_key: "other", provider: "demo", model: "demo" })).body
          .id;
        const release = await hold(session_key, other);

        const refused = start("two", { session_key });
        await untilALockIsAwaited();
        const waiting = await start("three");
        await release();
        expect((await refused).status).toBe(409);
        expect((await waitForEnd(waiting.body.id)).status).toBe("completed");
      },
      TIMEOUT,
    );
  },
);
