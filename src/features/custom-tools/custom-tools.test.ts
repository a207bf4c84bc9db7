import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const TOOLS = "/v1/tools/custom";
const SECRET = "s3cret-value-of-a-tool";

describe.each([...testDialects()])("custom tools on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call, stop } = gateway;
  afterAll(stop);
  await call("POST", "/v1/agents", { agent_key: "fox", provider: "demo", model: "demo" });
  await call("POST", "/v1/agents", { agent_key: "owl", provider: "demo", model: "demo" });
  const fox = (await call("GET", "/v1/agents/fox")).body.id;
  let made = 0;
  const aName = () => `tool_${++made}`;
  const create = (fields: object = {}) => call("POST", TOOLS, { name: aName(), command: "echo hi", ...fields });
  const get = async (id: string) => (await call("GET", `${TOOLS}/${id}`)).body;
  const put = (id: string, fields: object) => call("PUT", `${TOOLS}/${id}`, fields);

  test("a tool is created with defaults, read, changed and deleted", async () => {
    const name = aName();
    const created = await call("POST", TOOLS, { name, command: "getent hosts {{.host}}" });
    expect([created.status, created.body]).toEqual([
      201,
      {
        id: expect.any(String),
        name,
        description: "",
        command: "getent hosts {{.host}}",
        shell: false,
        parameters: {},
        working_dir: null,
        timeout_seconds: 60,
        agent_id: null,
        enabled: true,
        effect: "once",
        env_keys: [],
        tags: [],
        requires: [],
        created_by: "ada",
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
    const { id } = created.body;
    expect(await get(id)).toEqual(created.body);
    const changes = {
      description: "Tìm địa chỉ 🦊",
      timeout_seconds: 0,
      agent_id: "fox",
      enabled: false,
      effect: "read",
    };
    expect((await put(id, changes)).body).toEqual({ status: "updated" });
    expect(await get(id)).toMatchObject({ ...changes, timeout_seconds: 60, agent_id: fox, name });
    await put(id, { agentId: null, description: null });
    expect(await get(id)).toMatchObject({ agent_id: null, description: changes.description });
    expect((await call("DELETE", `${TOOLS}/${id}`)).body).toEqual({ status: "deleted" });
    for (const [method, body] of [["GET"], ["PUT", {}], ["DELETE"]] as const) {
      expect((await call(method, `${TOOLS}/${id}`, body)).body.error.code).toBe("NOT_FOUND");
    }
  });

  test.each<[string, object]>([
    ["name", { name: "Upper" }],
    ["name", { name: "-a" }],
    ["name", { name: "a_" }],
    ["name", { name: "mcp_x__y" }],
    ["name", { name: "a".repeat(65) }],
    ["name", { name: "0190cdd2-5f2d-7aaa-8888-2b1f4e1c0a11" }],
    ["command", { command: "" }],
    ["command", { command: "echo 'a" }],
    ["command", { command: "{{.p}} x" }],
    ["parameters", { parameters: { type: "array" } }],
    ["parameters", { parameters: { type: "object", properties: { a: { type: "nonsense" } } } }],
    ["timeout_seconds", { timeout_seconds: 3_601 }],
    ["effect", { effect: "sometimes" }],
    ["agent_id", { agent_id: "nobody" }],
    ["agent_id", { agent_id: "0190cdd2-5f2d-7aaa-8888-2b1f4e1c0a11" }],
    ["env.LD_PRELOAD", { env: { LD_PRELOAD: "x" } }],
    ["env.NODE_OPTIONS", { env: { NODE_OPTIONS: "x" } }],
    ["env.path", { env: { path: "x" } }],
    ["env.TOKEN", { env: { TOKEN: "***" } }],
    ["env.a-b", { env: { "a-b": "x" } }],
    ["enabled", { enabled: "maybe" }],
  ])("a wrong %s is refused: %j", async (field, fields) => {
    const { status, body } = await create(fields);
    expect([status, body.error.code, body.error.details.field]).toEqual([400, "INVALID_REQUEST", field]);
    const { id } = (await create()).body;
    if (!("command" in fields && fields.command === "")) expect((await put(id, fields)).status).toBe(400);
  });

  test("a name is unique among the tools of every agent, and among those of one agent", async () => {
    const name = aName();
    const conflict = { status: 409, code: "ALREADY_EXISTS" };
    const createNamed = async (fields: object) => {
      const { status, body } = await create({ name, ...fields });
      return { status, code: body.error?.code };
    };
    expect(await createNamed({})).toEqual({ status: 201, code: undefined });
    expect(await createNamed({})).toEqual(conflict);
    expect(await createNamed({ agent_id: "fox" })).toEqual({ status: 201, code: undefined });
    expect(await createNamed({ agent_id: fox })).toEqual(conflict);
    expect(await createNamed({ agent_id: "owl" })).toEqual({ status: 201, code: undefined });
    for (const own of ["web_fetch", "spawn", "delegate", "use_skill"]) {
      expect(await createNamed({ name: own })).toEqual(conflict);
    }
    const { id } = (await create()).body;
    for (const taken of [name, "read_file"]) expect((await put(id, { name: taken })).status).toBe(409);
    expect((await put(id, { name: aName() })).status).toBe(200);
  });

  test("lists are filtered by agent, text and state, in pages by name", async () => {
    const mark = `zz${aName()}`;
    const names = ["a", "b", "c"].map((letter) => `${letter}${mark}`);
    await create({ name: names[1], agent_id: "fox" });
    await create({ name: names[0], description: `100%_${mark}` });
    const off = (await create({ name: names[2], enabled: false, description: "ĐẶNG" })).body.id;
    const list = async (query: string, options = {}) => {
      const { body } = await call("GET", `${TOOLS}?${query}`, undefined, options);
      return { names: body.tools.map(({ name }: { name: string }) => name), total: body.total };
    };
    expect(await list(`search=${mark.toUpperCase()}`)).toEqual({ names: [names[0], names[1]], total: 2 });
    expect(await list(`search=${mark}&limit=1&offset=1`)).toEqual({ names: [names[1]], total: 2 });
    expect(await list(`search=${mark}&enabled=all`)).toEqual({ names, total: 3 });
    expect(await list(`search=${encodeURIComponent("đặng")}&enabled=false`)).toEqual({ names: [names[2]], total: 1 });
    expect((await list(`search=${encodeURIComponent(`0%_${mark}`)}`)).names).toEqual([names[0]]);
    expect((await list(`search=${mark}&agent_id=fox`)).names).toEqual([names[1]]);
    expect((await list(`search=${mark}`, { headers: { "X-GoClaw-Agent-Id": fox } })).names).toEqual([names[1]]);
    expect((await list("agent_id=nobody")).total).toBe(0);
    const key = (await call("POST", "/v1/api-keys", { name: mark, scopes: ["read"] })).body.key;
    expect((await list(`search=${mark}&enabled=all`, { bearer: key })).names).toEqual([names[0], names[1]]);
    await call("DELETE", `${TOOLS}/${off}`);
  });

  test("variables are stored sealed and shown by their names alone", async () => {
    const { id, env_keys } = (await create({ env: { TOKEN: SECRET, B: "" }, command: "echo {{.x}}" })).body;
    expect(env_keys).toEqual(["B", "TOKEN"]);
    const stored = async () => {
      const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
      return (await read.selectFrom("custom_tools").select("env").where("id", "=", id).executeTakeFirstOrThrow()).env;
    };
    const first = await stored();
    expect(first).not.toContain(SECRET);
    expect((await put(id, { env: { TOKEN: "***", C: "c" } })).status).toBe(200);
    expect((await get(id)).env_keys).toEqual(["C", "TOKEN"]);
    expect(JSON.parse(await stored()).TOKEN).toBe(JSON.parse(first).TOKEN);
    await put(id, { env: {} });
    expect((await get(id)).env_keys).toEqual([]);
    const list = await call("GET", `${TOOLS}?limit=200`);
    expect(list.text).not.toContain(SECRET);
  });

  test("another command needs the stored variables again", async () => {
    const { id } = (await create({ env: { TOKEN: SECRET } })).body;
    for (const fields of [{ command: "env" }, { shell: true }, { command: "env", env: { TOKEN: "***" } }]) {
      const { status, body } = await put(id, fields);
      expect([status, body.error.details]).toMatchObject([400, { reason: "key_needed_again", field: "env.TOKEN" }]);
    }
    expect((await put(id, { command: "printenv TOKEN", env: { TOKEN: SECRET } })).status).toBe(200);
    expect((await put(id, { command: "date", env: {} })).status).toBe(200);
    expect((await put(id, { command: "date -u" })).status).toBe(200);
  });

  test("tools of an agent go with it", async () => {
    await call("POST", "/v1/agents", { agent_key: "brief", provider: "demo", model: "demo" });
    const { id } = (await create({ agent_id: "brief" })).body;
    await call("DELETE", "/v1/agents/brief");
    expect((await call("GET", `${TOOLS}/${id}`)).status).toBe(404);
  });
});
