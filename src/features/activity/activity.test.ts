import { afterAll, describe, expect, test } from "bun:test";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the activity log on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call, stop } = gateway;
  afterAll(stop);
  const create = (agent_key: string, options = {}) =>
    call("POST", "/v1/agents", { agent_key, provider: "demo", model: "demo" }, options);
  const { id } = (await create("fox")).body;
  await call("PUT", "/v1/agents/fox", { display_name: "Cáo 🦊" });
  const bob = await aKey(gateway, ["write"], { owner_id: "bob" });
  await create("bobs", bob);
  const list = async (query = "", options = {}) =>
    (await call("GET", `/v1/activity?${query}`, undefined, options)).body;

  test("shows who changed what, newest first, in pages", async () => {
    const { logs, total } = await list(`entity_id=${id}`);
    expect([total, logs.map(({ action }: { action: string }) => action)]).toEqual([
      2,
      ["agent.updated", "agent.created"],
    ]);
    expect(logs[1]).toEqual({
      id: expect.any(String),
      actor_type: "user",
      actor_id: "ada",
      action: "agent.created",
      entity_type: "agent",
      entity_id: id,
      details: { agent_key: "fox" },
      ip_address: "127.0.0.1",
      created_at: expect.any(String),
    });
    expect((await list(`entity_id=${id}&limit=1&offset=1`)).logs[0].action).toBe("agent.created");
  });

  test("is filtered by each field and by time", async () => {
    const count = async (query: string) => (await list(query)).total;
    expect(await count("action=agent.updated")).toBe(1);
    expect(await count("actor_id=bob")).toBe(1);
    expect(await count("actor_id=bob&action=agent.updated")).toBe(0);
    expect(await count("entity_type=agent")).toBe(3);
    const today = new Date().toISOString().slice(0, 10);
    expect(await count(`from=${today}&to=${today}&entity_type=agent`)).toBe(3);
    expect(await count("to=2020-01-01")).toBe(0);
    expect((await call("GET", "/v1/activity?from=yesterday")).status).toBe(400);
  });

  test("shows others only what they did themselves, and nothing of another tenant", async () => {
    const own = await list("", bob);
    expect(own.logs.map(({ actor_id, action }: { actor_id: string; action: string }) => [actor_id, action])).toEqual([
      ["bob", "agent.created"],
    ]);
    expect((await list("actor_id=ada", bob)).logs).toEqual(own.logs);
    await aTenant(gateway, "elsewhere");
    const other = await aKey(gateway, ["admin"], { tenant: "elsewhere" });
    expect((await list("entity_type=agent", other)).total).toBe(0);
  });

  test("counts changes by one of their fields", async () => {
    const { body } = await call("GET", "/v1/activity/aggregate?group_by=action&entity_type=agent");
    expect(body).toMatchObject({
      ...{ source: "activity", group_by: "action", total: 2 },
      buckets: [
        { key: "agent.created", count: 2, last_seen: expect.any(String) },
        { key: "agent.updated", count: 1 },
      ],
    });
    const byActor = "/v1/activity/aggregate?group_by=actor_id&entity_type=agent";
    expect((await call("GET", byActor)).body.buckets.map(({ key }: { key: string }) => key)).toEqual(["ada", "bob"]);
    expect((await call("GET", byActor, undefined, bob)).status).toBe(403);
    expect((await call("GET", "/v1/activity/aggregate?group_by=mood")).status).toBe(400);
  });
});
