import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;

describe.each([...testDialects()])("a process that was paused for longer than its leases on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect, env: { GOCLAW_RUNS_MAX_CONCURRENT: "1" } });
  const { call, start, model } = gateway;
  afterAll(() => gateway.stop());
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  const leases = async () =>
    db.read.selectFrom("runs").select(["status", "lease_until", "deaths"]).orderBy("id").execute();

  test(
    "still holds its runs, both those in progress and those that wait",
    async () => {
      const working = model.manual();
      await start("one");
      await working.arrived;
      model.script(() => ({ text: "well" }));
      const waiting = call("POST", `/v1/agents/${AGENT}/wake`, { message: "two" });
      while ((await leases()).length < 2) await Bun.sleep(5);

      const expired = new Date(0).toISOString();
      await db.write((queries) => queries.updateTable("runs").set({ lease_until: expired }).execute());
      while ((await leases()).some(({ lease_until }) => lease_until === expired)) await Bun.sleep(20);
      expect((await leases()).map(({ deaths }) => deaths)).toEqual([0, 0]);
      await working.finish();
      const { status, body } = await waiting;
      expect([status, body.content]).toEqual([200, "well"]);
    },
    TIMEOUT,
  );
});
