import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, toTenantId } from "#base/ids.ts";
import { verifyChain } from "#core/activity/verify-chain.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the chain of the activity log on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  afterAll(gateway.stop);
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  const create = (agent_key: string, options = {}) =>
    gateway.call("POST", "/v1/agents", { agent_key, provider: "demo", model: "demo" }, options);
  const verify = () => verifyChain(db.read);
  const rows = () => db.read.selectFrom("activity_logs").selectAll().where("seq", ">", 0).orderBy("seq").execute();
  const put = (seq: number, changed: object) =>
    db.write((queries) => queries.updateTable("activity_logs").set(changed).where("seq", "=", seq).execute());

  test("is whole after many changes at once, and each tenant has its own", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => create(`fox-${index}`)));
    const stored = await rows();
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
    expect(stored.length).toBeGreaterThanOrEqual(20);
    expect(await verify()).toEqual({ rows: stored.length, hash: stored.at(-1)?.hash ?? "" });

    const id = toTenantId(await aTenant(gateway, "elsewhere"));
    await create("own", await aKey(gateway, ["admin"], { tenant: "elsewhere" }));
    const other = await verifyChain(gateway.gateway.database.forTenant(id).read);
    expect(other.fault).toBeUndefined();
    expect(other.rows).toBeGreaterThan(0);
  });

  test("tells a changed row, a row that was taken out, and rows that were cut off", async () => {
    const stored = await rows();
    const [first, second, last] = [stored[0], stored[1], stored.at(-1)];
    if (!first || !second || !last) throw new Error("too few rows");
    await put(2, { actor_id: "somebody-else" });
    expect((await verify()).fault).toEqual({ kind: "changed", seq: 2 });
    await put(2, { actor_id: second.actor_id });
    expect((await verify()).fault).toBeUndefined();

    await db.write((queries) => queries.deleteFrom("activity_logs").where("seq", "=", 2).execute());
    expect((await verify()).fault).toEqual({ kind: "missing", seq: 2 });
    const { tenant_id: _, ...copy } = second;
    await db.write((queries) => queries.insertInto("activity_logs", copy).execute());
    expect((await verify()).fault).toBeUndefined();

    await db.write((queries) => queries.deleteFrom("activity_logs").where("seq", "=", last.seq).execute());
    expect((await verify()).fault).toEqual({ kind: "end", seq: last.seq });
  });
});
