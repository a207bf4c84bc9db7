import { afterAll, describe, expect, test } from "bun:test";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const LINKS = "/v1/agent-links";

describe.each([...testDialects()])("links between agents on %s", async (dialect) => {
  const { call, stop } = await startTestGateway({ dialect });
  afterAll(stop);
  const ids = new Map<string, string>();
  for (const agent_key of ["fox", "owl", "bee"]) {
    ids.set(agent_key, (await call("POST", "/v1/agents", { agent_key, provider: "demo", model: "demo" })).body.id);
  }
  const create = (source_agent: string, target_agent: string, fields: object = {}) =>
    call("POST", LINKS, { source_agent, target_agent, ...fields });
  const list = async (query = "") =>
    (await call("GET", `${LINKS}${query}`)).body.links.map(
      ({ source_agent_key, target_agent_key }: { source_agent_key: string; target_agent_key: string }) =>
        `${source_agent_key}>${target_agent_key}`,
    );

  test("are created by id or key, listed, changed and deleted", async () => {
    const created = await create("fox", ids.get("owl") ?? "", { description: "Cú biết mọi thứ 🦉" });
    expect([created.status, created.body]).toMatchObject([
      201,
      {
        ...{ source_agent_id: ids.get("fox"), source_agent_key: "fox", target_agent_key: "owl" },
        ...{ direction: "outbound", description: "Cú biết mọi thứ 🦉", max_concurrent: 3, settings: {} },
        ...{ status: "active", created_by: "ada" },
      },
    ]);
    const { id } = created.body;
    await create("bee", "fox", { direction: "bidirectional" });
    expect(await list()).toEqual(["fox>owl", "bee>fox"]);
    expect(await list("?agent_id=fox&direction=from")).toEqual(["fox>owl"]);
    expect(await list("?agent_id=fox&direction=to")).toEqual(["bee>fox"]);
    expect(await list(`?agent_id=${ids.get("owl")}`)).toEqual(["fox>owl"]);
    expect(await list("?agent_id=nobody")).toEqual([]);
    const changed = await call("PUT", `${LINKS}/${id}`, { status: "disabled", settings: { user_deny: ["bob"] } });
    expect(changed.body).toMatchObject({ status: "disabled", settings: { user_deny: ["bob"] }, max_concurrent: 3 });
    expect((await call("DELETE", `${LINKS}/${id}`)).body).toEqual({ status: "deleted" });
    for (const [method, body] of [["DELETE"], ["PUT", {}]] as const) {
      expect((await call(method, `${LINKS}/${id}`, body)).status).toBe(404);
    }
  });

  test("are refused where they make no sense", async () => {
    await create("owl", "bee");
    const failure = async (source: string, target: string, fields = {}) => {
      const { status, body } = await create(source, target, fields);
      return [status, body.error.code, body.error.details?.field];
    };
    expect(await failure("owl", "bee")).toEqual([409, "ALREADY_EXISTS", undefined]);
    expect(await failure("owl", "owl")).toEqual([400, "INVALID_REQUEST", "target_agent"]);
    expect(await failure("nobody", "owl")).toEqual([400, "INVALID_REQUEST", "source_agent"]);
    expect(await failure("owl", "nobody")).toEqual([400, "INVALID_REQUEST", "target_agent"]);
    expect(await failure("owl", "fox", { max_concurrent: 0 })).toEqual([400, "INVALID_REQUEST", "max_concurrent"]);
    expect(await failure("owl", "fox", { direction: "sideways" })).toEqual([400, "INVALID_REQUEST", "direction"]);
  });

  test("go with their agents", async () => {
    await call("POST", "/v1/agents", { agent_key: "brief", provider: "demo", model: "demo" });
    await create("brief", "owl");
    await call("DELETE", "/v1/agents/brief");
    expect(await list("?agent_id=owl&direction=to")).toEqual([]);
  });
});
