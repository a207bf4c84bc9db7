import { afterAll, describe, expect, test } from "bun:test";
import { sql } from "kysely";
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

  test("while shares cannot be read, who needs one is told to come back, as for every fault, and learns nothing", async () => {
    const shared = (await create()).body.id;
    const closed = (await create()).body.id;
    const bob = { user: "bob" };
    await call("POST", `/v1/agents/${shared}/sharing`, { user_id: "bob" });
    const { write } = gateway.gateway.database.system("a test of lost shares");
    const rename = (from: string, to: string) =>
      write(async (db) => void (await sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(db)));
    await rename("agent_shares", "lost_shares");
    const [one, other] = [await get(shared, bob), await get(closed, bob)];
    const chat = { model: `goclaw:${shared}`, messages: [{ role: "user", content: "hi" }] };
    const chatted = await call("POST", "/v1/chat/completions", chat, bob);
    const listed = await call("GET", "/v1/agents", undefined, bob);
    const owned = await get(shared);
    await rename("lost_shares", "agent_shares");
    for (const { status, body } of [one, other, chatted, listed]) {
      expect([status, body.error.code, body.error.retryable]).toEqual([503, "UNAVAILABLE", true]);
    }
    expect(other.body).toEqual(one.body);
    expect(owned.status).toBe(200);
    expect([(await get(shared, bob)).status, (await get(closed, bob)).status]).toEqual([200, 403]);
  });
});
