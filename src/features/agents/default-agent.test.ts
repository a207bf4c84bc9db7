import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the agent that nobody named on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());

  /** A new tenant without agents, with the callers that act in it. */
  async function aBareTenant() {
    const tenant = `t-${newId()}`;
    await aTenant(gateway, tenant);
    const [admin, writer] = await Promise.all([
      aKey(gateway, ["admin"], { tenant }),
      aKey(gateway, ["write"], { tenant }),
    ]);
    await call("POST", "/v1/providers", { name: "demo", provider_type: "demo" }, admin);
    const create = (input: object, options: CallOptions = admin) =>
      call("POST", "/v1/agents", { agent_key: `a-${newId()}`, provider: "demo", model: "demo", ...input }, options);
    return { admin, writer: (user: string): CallOptions => ({ ...writer, user }), create };
  }

  const messages = [{ role: "user", content: "hello" }];
  const chat = (options: CallOptions, input: object = {}) =>
    call("POST", "/v1/chat/completions", { messages, ...input }, options);

  test("has the default key, where the caller may use that agent, and is else the one marked as the default", async () => {
    const { writer, create } = await aBareTenant();
    expect((await create({ agent_key: "default" })).status).toBe(201);
    await create({ agent_key: "marked", is_default: true });
    for (const [user, name] of [
      ["ada", "goclaw:default"],
      ["grace", "goclaw:marked"],
    ] as const) {
      expect([user, (await chat(writer(user))).body.model]).toEqual([user, name]);
      expect((await chat(writer(user), { model: "" })).body.model).toBe(name);
    }
    await call("POST", "/v1/agents/default/sharing", { user_id: "grace" }, writer("ada"));
    expect((await chat(writer("grace"))).body.model).toBe("goclaw:default");
  });

  test("is found for another model name, and when the header is empty", async () => {
    const { writer, create } = await aBareTenant();
    const { id } = (await create({ agent_key: "marked", is_default: true })).body;
    const headers = { "X-GoClaw-Agent-Id": "", "X-GoClaw-Session-Key": "" };
    const answer = await chat({ ...writer("grace"), headers }, { model: "gpt-5" });
    expect([answer.status, answer.body.model]).toEqual([200, "gpt-5"]);
    const run = await call("GET", `/v1/runs/${answer.headers.get("x-goclaw-run-id")}`, undefined, writer("grace"));
    expect(run.body.agent_id).toBe(id);
  });

  test("is asked for, where the tenant has none that the caller may use", async () => {
    const { writer, create } = await aBareTenant();
    const refusalOf = async (language: string) => {
      const { status, body } = await chat({ ...writer("grace"), headers: { "Accept-Language": language } });
      return [status, body.error.code, body.error.details, body.error.message];
    };
    const details = { reason: "no_default_agent" };
    expect((await refusalOf("en")).slice(0, 3)).toEqual([404, "NOT_FOUND", details]);
    await create({ agent_key: "default" });
    expect(await refusalOf("en")).toEqual([404, "NOT_FOUND", details, expect.stringContaining("name an agent")]);
    expect(await refusalOf("vi")).toEqual([404, "NOT_FOUND", details, expect.stringContaining("hãy nêu")]);
    expect(await refusalOf("zh")).toEqual([404, "NOT_FOUND", details, expect.stringContaining("请指定")]);
    expect((await chat(writer("grace"), { model: "goclaw:default" })).status).toBe(403);
  });
});

describe.each([...testDialects()])("the default agent on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  await aTenant(gateway, "acme");
  const admin = await aKey(gateway, ["admin"], { tenant: "acme" });
  const writer = await aKey(gateway, ["write"], { tenant: "acme" });
  const create = (input: object, options: CallOptions) =>
    call("POST", "/v1/agents", { agent_key: `a-${newId()}`, provider: "demo", model: "demo", ...input }, options);
  const put = (id: string, input: object, options: CallOptions) => call("PUT", `/v1/agents/${id}`, input, options);
  const get = async (id: string) => (await call("GET", `/v1/agents/${id}`, undefined, admin)).body;
  const REFUSED = [403, "UNAUTHORIZED"];
  const outcomeOf = ({ status, body }: Awaited<ReturnType<typeof call>>) => [status, body.error?.code];

  test("gets its key and its mark from administrators alone", async () => {
    expect(outcomeOf(await create({ agent_key: "default" }, writer))).toEqual(REFUSED);
    expect(outcomeOf(await create({ is_default: true }, writer))).toEqual(REFUSED);
    const { id } = (await create({ is_default: false }, writer)).body;
    expect(outcomeOf(await put(id, { agent_key: "default" }, writer))).toEqual(REFUSED);
    expect(outcomeOf(await put(id, { is_default: true, model: "other" }, writer))).toEqual(REFUSED);
    expect(await get(id)).toMatchObject({ is_default: false, model: "demo" });
    expect((await put(id, { is_default: true, agent_key: "default" }, admin)).status).toBe(200);
    expect(await get(id)).toMatchObject({ is_default: true, agent_key: "default" });
  });

  test("loses its key and its mark by administrators alone, while its owner changes the rest", async () => {
    const { id } = (await create({ is_default: true }, admin)).body;
    for (const input of [{ is_default: false }, { is_default: null }]) {
      expect(outcomeOf(await put(id, input, writer))).toEqual(REFUSED);
    }
    expect(outcomeOf(await call("DELETE", `/v1/agents/${id}`, undefined, writer))).toEqual(REFUSED);
    expect((await put(id, { is_default: true, model: "other" }, writer)).status).toBe(200);
    expect(await get(id)).toMatchObject({ is_default: true, model: "other" });
    expect((await call("DELETE", `/v1/agents/${id}`, undefined, admin)).status).toBe(200);
    expect(outcomeOf(await put("default", { agent_key: "renamed" }, writer))).toEqual(REFUSED);
    expect((await put("default", { agent_key: "renamed" }, admin)).status).toBe(200);
  });

  test("of the gateway's own user changes for administrators alone, whatever user a key names", async () => {
    const [write, administer] = await Promise.all([aKey(gateway, ["write"]), aKey(gateway, ["admin"])]);
    const asSystem = { ...write, user: "system" };
    expect((await call("GET", "/v1/agents/default", undefined, asSystem)).body.owner_id).toBe("system");
    expect(outcomeOf(await put("default", { model: "theirs" }, asSystem))).toEqual([400, "INVALID_REQUEST"]);
    expect(outcomeOf(await create({}, asSystem))).toEqual([400, "INVALID_REQUEST"]);
    const shares = "/v1/agents/default/sharing";
    expect(outcomeOf(await call("GET", shares, undefined, asSystem))).toEqual(REFUSED);
    expect(outcomeOf(await put("default", { model: "theirs" }, { ...write, user: "ada" }))).toEqual(REFUSED);
    expect((await put("default", { model: "ours" }, { ...administer, user: "system" })).status).toBe(200);
  });
});
