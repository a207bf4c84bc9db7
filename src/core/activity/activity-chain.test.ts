import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, toTenantId } from "#base/ids.ts";
import { deleteOldActivity } from "#core/activity/delete-old-activity.ts";
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
    const { tenant_id: _own, ...end } = last;
    await db.write((queries) => queries.insertInto("activity_logs", end).execute());
  });

  test("stays whole when old rows are deleted, which ends before the first young one", async () => {
    const system = gateway.gateway.database.system("a test of the activity log");
    const age = (seq: number, created_at: string) => put(seq, { created_at });
    const numbers = async () => (await rows()).map(({ seq }) => seq);
    const { tenant_id: _, ...oldest } = (await rows())[0] ?? {};
    // Rows from before there was a chain have no number.
    const addLoose = (id: string, created_at: string) =>
      db.write((queries) =>
        queries.insertInto("activity_logs", { ...oldest, id, seq: 0, created_at } as never).execute(),
      );
    await addLoose("old", "2020-01-01T00:00:00.000Z");
    await addLoose("young", "2020-01-10T00:00:00.000Z");
    for (const seq of [1, 2, 4]) await age(seq, "2020-01-01T00:00:00.000Z");
    await age(3, "2020-01-02T00:00:00.000Z");
    const all = await numbers();

    await deleteOldActivity(system, new Date("2020-01-01T00:00:00.000Z"));
    expect(await numbers()).toEqual(all);
    await deleteOldActivity(system, new Date("2020-01-02T00:00:00.000Z"));
    expect(await numbers()).toEqual(all.slice(2));
    const loose = db.read.selectFrom("activity_logs").select("id").where("seq", "=", 0);
    expect(await loose.execute()).toEqual([{ id: "young" }]);
    await deleteOldActivity(system, new Date("2020-01-03T00:00:00.000Z"));
    expect(await numbers()).toEqual(all.slice(4));
    expect(await verify()).toMatchObject({ rows: all.length - 4 });
    expect((await verify()).fault).toBeUndefined();
  });
});
