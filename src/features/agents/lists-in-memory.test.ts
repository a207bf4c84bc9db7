import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

// Each test asks for a list first, so that the gateway has an answer that it could wrongly repeat.
describe.each([...testDialects()])("lists of agents that were asked for before, on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const create = async (options = {}) =>
    (await call("POST", "/v1/agents", { agent_key: `a-${newId()}`, provider: "demo", model: "demo" }, options)).body;
  const list = (options = {}) => call("GET", "/v1/agents", undefined, options);
  const idsOf = async (options = {}) => (await list(options)).body.agents.map(({ id }: { id: string }) => id);

  test("show every change of an agent at once", async () => {
    await list();
    const { id } = await create();
    expect(await idsOf()).toContain(id);
    await call("PUT", `/v1/agents/${id}`, { display_name: "Trợ lý 助手 🦀" });
    const { agents } = (await list()).body;
    expect(agents.find((agent: { id: string }) => agent.id === id).display_name).toBe("Trợ lý 助手 🦀");
    expect((await call("GET", `/v1/agents/${id}`)).body.display_name).toBe("Trợ lý 助手 🦀");
    await call("DELETE", `/v1/agents/${id}`);
    expect(await idsOf()).not.toContain(id);
    expect((await call("GET", `/v1/agents/${id}`)).status).toBe(404);
  });

  test("follow what is shared and what is no longer shared", async () => {
    const { id } = await create();
    const eve = { user: "eve" };
    expect(await idsOf(eve)).not.toContain(id);
    expect((await call("GET", `/v1/agents/${id}`, undefined, eve)).status).toBe(403);
    await call("POST", `/v1/agents/${id}/shares`, { user_id: "eve" });
    expect(await idsOf(eve)).toContain(id);
    expect((await call("GET", `/v1/agents/${id}`, undefined, eve)).status).toBe(200);
    await call("DELETE", `/v1/agents/${id}/shares/eve`);
    expect(await idsOf(eve)).not.toContain(id);
    expect((await call("GET", `/v1/agents/${id}`, undefined, eve)).status).toBe(403);
  });

  test("belong to one user, one tenant and one role", async () => {
    const { id } = await create();
    expect(await idsOf()).toContain(id);
    expect(await idsOf({ user: "bob" })).not.toContain(id);
    expect(await idsOf(OWNER)).toContain(id);
    const slug = `t-${newId()}`;
    await aTenant(gateway, slug);
    const there = { headers: { "X-GoClaw-Tenant-Id": slug } };
    expect(await idsOf(there)).not.toContain(id);
    expect((await call("GET", `/v1/agents/${id}`, undefined, there)).status).toBe(404);
    const reader = { ...(await aKey(gateway, ["read"])), user: "system" };
    expect(await idsOf(reader)).not.toContain(id);
  });

  test("are refused to whoever lost its key, and to strangers", async () => {
    const key = await aKey(gateway, ["read"]);
    expect((await list(key)).status).toBe(200);
    await call("POST", `/v1/api-keys/${key.id}/revoke`, {}, OWNER);
    expect((await list(key)).status).toBe(401);
    expect((await list({ bearer: "wrong" })).status).toBe(401);
    expect((await list({ bearer: null })).status).toBe(401);
  });

  test("are refused in a tenant that was suspended", async () => {
    const slug = `t-${newId()}`;
    const id = await aTenant(gateway, slug);
    const there = { headers: { "X-GoClaw-Tenant-Id": slug } };
    expect((await list(there)).status).toBe(200);
    await call("PATCH", `/v1/tenants/${id}`, { status: "suspended" }, OWNER);
    expect((await list(there)).status).toBe(403);
  });

  test("keep pages apart, and have headers of their own", async () => {
    await create();
    await create();
    const [first, second] = [await call("GET", "/v1/agents?limit=1"), await call("GET", "/v1/agents?limit=1&offset=1")];
    expect(first.body.agents[0].id).not.toBe(second.body.agents[0].id);
    const again = await list({ headers: { "X-Request-Id": "mine" } });
    expect(again.headers.get("x-request-id")).toBe("mine");
    expect(again.headers.get("content-type")).toContain("application/json");
  });
});
