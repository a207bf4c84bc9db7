import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const API_KEY = "sk-very-secret-1234567890";

describe.each([...testDialects()])("providers on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const aName = () => `p-${newId()}`;
  const create = (input: object = {}, options = {}) =>
    call("POST", "/v1/providers", { name: aName(), provider_type: "openai_compat", ...input }, options);
  const storedKey = async (id: string) => {
    const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    return read
      .selectFrom("llm_providers")
      .select(["api_key", "api_keys"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
  };

  test("a provider is created enabled, read, changed and deleted", async () => {
    const created = await create({ name: "main", display_name: "Main", api_key: API_KEY });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      name: "main",
      display_name: "Main",
      provider_type: "openai_compat",
      type: "openai_compat",
      api_key: "***",
      enabled: true,
      tenant_id: MASTER_TENANT_ID,
    });
    const path = `/v1/providers/${created.body.id}`;
    expect((await call("GET", path)).body).toEqual(created.body);
    const update = { display_name: null, enabled: false, unknown: 1, tenant_id: newId() };
    expect((await call("PUT", path, update)).body).toEqual({ status: "updated" });
    const changed = (await call("GET", path)).body;
    expect([changed.display_name, changed.enabled, changed.tenant_id]).toEqual([undefined, false, MASTER_TENANT_ID]);
    expect((await call("DELETE", path)).body).toEqual({ status: "deleted" });
    expect((await call("DELETE", path)).status).toBe(404);
  });

  test("the list is sorted by name", async () => {
    for (const name of ["zz-last", "aa-first"]) await create({ name });
    const { providers } = (await call("GET", "/v1/providers")).body;
    const names = providers.map(({ name }: { name: string }) => name);
    expect(names.indexOf("aa-first")).toBeLessThan(names.indexOf("zz-last"));
  });

  test("a key with characters that a header cannot contain is refused", async () => {
    for (const api_key of ["two\nlines", "ключ", "sk-\u0000"]) {
      const { status, body } = await create({ api_key });
      expect([status, body.error.code, body.error.details.field]).toEqual([400, "INVALID_REQUEST", "api_key"]);
    }
  });

  test("the key is sealed in storage and shown nowhere", async () => {
    const created = await create({ api_key: `  ${API_KEY}\n` });
    const list = await call("GET", "/v1/providers");
    const activity = await gateway.gateway.database
      .forTenant(MASTER_TENANT_ID)
      .read.selectFrom("activity_logs")
      .selectAll()
      .execute();
    expect(created.text + list.text + JSON.stringify(activity)).not.toContain(API_KEY);
    expect((await storedKey(created.body.id)).api_key).toStartWith("aes-gcm:");
    for (const file of readdirSync(gateway.home).filter((name) => name.startsWith("goclaw.db"))) {
      expect(readFileSync(join(gateway.home, file)).includes(API_KEY)).toBe(false);
    }
  });

  test("an update with *** or an empty key keeps the stored key, any other key replaces it", async () => {
    const { id } = (await create({ api_key: API_KEY })).body;
    const before = await storedKey(id);
    for (const api_key of ["***", "", null]) {
      await call("PUT", `/v1/providers/${id}`, { api_key, display_name: "x" });
      expect(await storedKey(id)).toEqual(before);
    }
    await call("PUT", `/v1/providers/${id}`, { api_key: "another" });
    expect(await storedKey(id)).not.toEqual(before);
    expect((await create()).body.api_key).toBeUndefined();
  });

  test("further keys are sealed, shown as masks, kept in their place and replaced", async () => {
    const secrets = ["sk-further-111111", "sk-further-222222"];
    const { body, text } = await create({ api_key: API_KEY, api_keys: [` ${secrets[0]}\n`, secrets[1]] });
    expect([body.api_key, body.api_keys]).toEqual(["***", ["***", "***"]]);
    const path = `/v1/providers/${body.id}`;
    const before = JSON.parse((await storedKey(body.id)).api_keys);
    expect(before).toEqual([expect.stringMatching(/^aes-gcm:/), expect.stringMatching(/^aes-gcm:/)]);
    for (const secret of secrets) expect(text + JSON.stringify(before)).not.toContain(secret);

    for (const api_keys of [undefined, null, ["***", "***"], ["", "***"]]) {
      expect((await call("PUT", path, { api_keys, display_name: "x" })).status).toBe(200);
      expect(JSON.parse((await storedKey(body.id)).api_keys)).toEqual(before);
    }
    await call("PUT", path, { api_keys: ["sk-new-1", "***", "sk-new-3"] });
    const after = JSON.parse((await storedKey(body.id)).api_keys);
    expect([after.length, after[1] === before[1], after.includes(before[0])]).toEqual([3, true, false]);
    const shorter = await call("PUT", path, { api_keys: ["***", "***", "***", "***"] });
    expect([shorter.status, shorter.body.error.details.field]).toEqual([400, "api_keys.3"]);
    await call("PUT", path, { api_keys: [] });
    expect((await call("GET", path)).body.api_keys).toBeUndefined();
    expect((await create({ api_keys: Array(21).fill("sk-many") })).status).toBe(400);
    expect((await create({ api_keys: ["two\nlines"] })).body.error.details.field).toBe("api_keys.0");
  });

  const ELSEWHERE = "https://9.9.9.9/v1";
  const VERTEX = { provider_type: "vertex", api_base: "", settings: { project_id: "mine", region: "global" } };
  test.each<readonly [string, object, object, string]>([
    ["address", { api_key: API_KEY }, { api_base: ELSEWHERE }, "api_key"],
    ["address to the type's own", { api_key: API_KEY }, { api_base: null }, "api_key"],
    ["type", { api_key: API_KEY }, { provider_type: "anthropic_native", api_key: "***" }, "api_key"],
    ["address of embeddings", { api_key: API_KEY }, { settings: { embedding: { api_base: ELSEWHERE } } }, "api_key"],
    ["address of a further key", { api_keys: [API_KEY] }, { api_base: ELSEWHERE, api_key: "new" }, "api_keys.0"],
    [
      "address of one kept key of two",
      { api_keys: [API_KEY, "sk-two"] },
      { api_base: ELSEWHERE, api_key: "new", api_keys: ["sk-new", "***"] },
      "api_keys.1",
    ],
    ["project", { api_key: API_KEY, ...VERTEX }, { settings: { project_id: "theirs", region: "global" } }, "api_key"],
    ["region", { api_key: API_KEY, ...VERTEX }, { settings: { project_id: "mine", region: "x1" } }, "api_key"],
    ["emptied project", { api_key: API_KEY, ...VERTEX }, { settings: null }, "api_key"],
  ])("a changed %s needs the stored keys in the same request", async (_, keys, change, field) => {
    const created = await create({ api_base: "https://8.8.8.8/v1", ...keys });
    const path = `/v1/providers/${created.body.id}`;
    const refused = await call("PUT", path, change);
    expect([refused.status, refused.body.error.details]).toEqual([400, { reason: "key_needed_again", field }]);
    expect((await call("GET", path)).body).toEqual(created.body);
    const { name, api_base, provider_type, settings } = created.body;
    const other = { name, api_base, provider_type, settings, ...change };
    expect((await call("POST", "/v1/providers?upsert=true", other)).body.error.details.field).toBe(field);
    expect((await call("GET", path)).body).toEqual(created.body);
    expect((await call("PUT", path, { ...change, api_key: "new", api_keys: [] })).status).toBe(200);
    expect((await call("PUT", path, { ...change, api_key: "***", api_keys: [] })).status).toBe(200);
  });

  test("a taken name is refused, or its provider is replaced if upsert is set", async () => {
    const name = aName();
    const first = (await create({ name, api_key: API_KEY })).body;
    expect((await create({ name })).body.error.code).toBe("ALREADY_EXISTS");
    const kept = { name, provider_type: "openai_compat", display_name: "New", api_key: "***" };
    expect((await call("POST", "/v1/providers?upsert=true", kept)).body.api_key).toBe("***");
    const input = { name, provider_type: "anthropic_native", api_key: "another" };
    const second = await call("POST", "/v1/providers?upsert=true", input);
    expect([second.status, second.body.id, second.body.api_key]).toEqual([201, first.id, "***"]);
    expect(second.body.provider_type).toBe("anthropic_native");
    const other = (await create()).body;
    expect((await call("PUT", `/v1/providers/${other.id}`, { name })).status).toBe(409);
  });

  test("a second provider on the command line's login is refused", async () => {
    const cli = { provider_type: "claude_cli", api_base: "claude" };
    expect((await create(cli)).status).toBe(201);
    expect((await create(cli)).status).toBe(409);
    expect((await create({ provider_type: "claude_cli", api_base: "./claude" })).status).toBe(400);
  });

  test("bad fields are refused", async () => {
    for (const input of [
      { name: "Bad Name" },
      { name: undefined },
      { provider_type: "unknown" },
      { provider_type: "toString" },
      { enabled: "yes" },
      { display_name: "a\u0000b" },
      { settings: { embedding: { dimensions: 3 } } },
    ]) {
      expect([(await create(input)).status, input]).toEqual([400, input]);
    }
    const good = { embedding: { enabled: true, dimensions: 1_536 }, custom: { a: 1 } };
    expect((await create({ settings: good })).body.settings).toEqual(good);
  });

  test("a base that the gateway must not call is always refused with the same message", async () => {
    const messages = new Set<string>();
    for (const input of [
      { api_base: "http://169.254.169.254" },
      { api_base: "http://169.254.169.254/v1", provider_type: "anthropic_native" },
      { api_base: "file:///x" },
      { api_base: "not a url" },
      { api_base: "http://127.0.0.1:1/v1" },
      { api_base: "http://[::1]/v1" },
      { api_base: "http://2130706433/" },
      { api_base: "http://metadata.google.internal" },
      { api_base: "http://user:pass@8.8.8.8/" },
      { api_base: "http://10.0.0.1:11434", provider_type: "ollama" },
      { api_base: "ftp://localhost", provider_type: "acp" },
    ]) {
      const answer = await create(input);
      expect([answer.status, answer.body.error.details?.field, input]).toEqual([400, "api_base", input]);
      messages.add(answer.body.error.message);
    }
    expect([...messages]).toEqual([expect.stringContaining("GOCLAW_EGRESS_ALLOW_HOSTS=host:port")]);
    expect((await create({ settings: { embedding: { api_base: "http://10.0.0.1" } } })).status).toBe(400);
  });

  test("a public base is accepted, and checked again when base or type change", async () => {
    expect((await create({ api_base: "https://8.8.8.8/v1" })).body.api_base).toBe("https://8.8.8.8/v1");
    const { id } = (await create({ provider_type: "ollama", api_base: "http://localhost:4000" })).body;
    const path = `/v1/providers/${id}`;
    expect((await call("PUT", path, { provider_type: "openai_compat" })).status).toBe(400);
    expect((await call("PUT", path, { api_base: "http://10.0.0.1" })).status).toBe(400);
    expect((await call("PUT", path, { api_base: "http://127.0.0.1:11434" })).status).toBe(200);
  });

  test("another tenant's provider is not found", async () => {
    await aTenant(gateway, "acme");
    const { id } = (await create({ name: "ours" })).body;
    const theirs = await aKey(gateway, ["admin"], { tenant: "acme" });
    for (const method of ["GET", "PUT", "DELETE"]) {
      expect((await call(method, `/v1/providers/${id}`, method === "PUT" ? {} : undefined, theirs)).status).toBe(404);
    }
    expect((await call("GET", "/v1/providers", undefined, theirs)).body.providers).toEqual([]);
    expect((await create({ name: "ours" }, theirs)).status).toBe(201);
    for (const unknown of ["nothing", "%00", "ours"]) {
      expect((await call("GET", `/v1/providers/${unknown}`, undefined, OWNER)).status).toBe(404);
    }
  });

  test("keys without the admin scope are refused", async () => {
    for (const scope of ["read", "write"]) {
      const key = await aKey(gateway, [scope]);
      expect((await call("GET", "/v1/providers", undefined, key)).status).toBe(403);
      expect((await create({}, key)).status).toBe(403);
      expect((await call("DELETE", "/v1/providers/x", undefined, key)).status).toBe(403);
    }
  });
});
