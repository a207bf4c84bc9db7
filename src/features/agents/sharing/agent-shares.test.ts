import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("shares of agents on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const create = () => call("POST", "/v1/agents", { agent_key: `a-${newId()}`, provider: "demo", model: "demo" });
  const get = (id: string, options = {}) => call("GET", `/v1/agents/${id}`, undefined, options);
  const put = (id: string, input: object, options = {}) => call("PUT", `/v1/agents/${id}`, input, options);

  test("another user is refused, allowed by a share, and refused again after the share is removed", async () => {
    const { id, agent_key } = (await create()).body;
    const bob = { user: "bob" };
    expect((await get(id, bob)).status).toBe(403);
    await call("POST", `/v1/agents/${agent_key}/sharing`, { user_id: "bob" });
    expect((await get(agent_key, bob)).status).toBe(200);
    expect((await put(id, { model: "x" }, bob)).status).toBe(403);
    await call("DELETE", `/v1/agents/${id}/shares/bob`);
    expect((await get(id, bob)).status).toBe(403);
  });

  test("both paths of sharing show the same rows; roles are replaced, and a second removal succeeds", async () => {
    const { id } = (await create()).body;
    expect((await call("POST", `/v1/agents/${id}/sharing`, { user_id: "bob" })).body).toEqual({ ok: "true" });
    const again = await call("POST", `/v1/agents/${id}/shares`, { user_id: "bob", role: "viewer" });
    expect(again.status).toBe(201);
    const { shares } = (await call("GET", `/v1/agents/${id}/sharing`)).body;
    expect(shares).toMatchObject([{ agent_id: id, user_id: "bob", role: "viewer", granted_by: "ada" }]);
    expect((await call("GET", `/v1/agents/${id}/shares`)).body.shares).toEqual(shares);
    for (const input of [{}, { user_id: "" }, { user_id: "a\u202eb" }, { user_id: "bob", role: "No!" }]) {
      expect((await call("POST", `/v1/agents/${id}/sharing`, input)).status).toBe(400);
    }
    for (const user of ["bob", "bob", "nobody"]) {
      expect((await call("DELETE", `/v1/agents/${id}/sharing/${user}`)).body).toEqual({ ok: "true" });
    }
    expect((await call("GET", `/v1/agents/${id}/shares`, undefined, { user: "eve" })).status).toBe(403);
  });
});
