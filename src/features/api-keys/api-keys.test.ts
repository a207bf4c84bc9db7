import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const SYSTEM_TENANT = "00000000-0000-0000-0000-000000000000";

describe.each([...testDialects()])("API keys on %s", async (dialect) => {
  let now = new Date();
  const gateway = await startTestGateway({ dialect, clock: { now: () => now } });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const acme = await aTenant(gateway, "acme");
  const create = (input: object, options = {}) =>
    call("POST", "/v1/api-keys", { name: "k", scopes: ["read"], ...input }, options);
  const inAcme = { user: "system", headers: { "X-GoClaw-Tenant-Id": "acme" } };
  const idsOf = async (options: object): Promise<string[]> =>
    (await call("GET", "/v1/api-keys", undefined, options)).body.map(({ id }: { id: string }) => id);

  test("a key is shown once, works at once, and the list leaves out its secret", async () => {
    const created = await create({ scopes: ["read", "operator.write", "operator.read"] });
    expect(created.status).toBe(201);
    const { key, prefix, id } = created.body;
    expect(key).toMatch(/^goclaw_[0-9a-f]{32}$/);
    expect(created.body).toMatchObject({
      prefix: key.slice(7, 15),
      masked: `goclaw_${prefix}…`,
      scopes: ["operator.read", "operator.write"],
      expires_at: null,
    });
    expect((await call("GET", "/v1/agents", undefined, { bearer: key })).status).toBe(200);
    const list = await call("GET", "/v1/api-keys");
    expect(list.text).not.toContain(key);
    expect(list.text).not.toContain("hash");
    expect(list.body.find((entry: { id: string }) => entry.id === id)).toMatchObject({
      tenant_id: MASTER_TENANT_ID,
      created_by: "ada",
      revoked: false,
    });
  });

  test("the raw key is nowhere in storage", async () => {
    const { key } = (await create({})).body;
    const system = gateway.gateway.database.system("the test looks for a secret everywhere");
    expect(JSON.stringify(await system.read.selectFrom("api_keys").selectAll().execute())).not.toContain(key);
    for (const file of readdirSync(gateway.home).filter((name) => name.startsWith("goclaw.db"))) {
      expect(readFileSync(join(gateway.home, file)).includes(key)).toBe(false);
    }
  });

  test("a replay under an Idempotency-Key leaves out the key", async () => {
    const options = { headers: { "Idempotency-Key": "make-one" } };
    const first = await create({}, options);
    const second = await create({}, options);
    expect([second.status, second.body.id, second.body.key]).toEqual([201, first.body.id, undefined]);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
  });

  test("bad fields are refused", async () => {
    for (const input of [
      { name: "" },
      { name: "é".repeat(51) },
      { name: "a\u0000" },
      { scopes: [] },
      { scopes: ["everything"] },
      { scopes: "read" },
      { expires_in: -1 },
      { expires_in: 1.5 },
      { expires_in: "60" },
      { expires_in: 101 * 365 * 86_400 },
      { owner_id: "a\u200bb" },
    ]) {
      expect([(await create(input)).status, input]).toEqual([400, input]);
    }
    for (const expires_in of [0, null]) expect((await create({ expires_in })).body.expires_at).toBeNull();
  });

  test("a revoked key is refused from the next call on; revoking it again succeeds", async () => {
    const { id, bearer } = await aKey(gateway, ["read"]);
    expect((await call("GET", "/v1/agents", undefined, { bearer })).status).toBe(200);
    expect((await call("DELETE", `/v1/api-keys/${id}`)).body).toEqual({ status: "revoked" });
    expect((await call("GET", "/v1/agents", undefined, { bearer })).status).toBe(401);
    expect((await call("POST", `/v1/api-keys/${id}/revoke`)).body).toEqual({ status: "revoked" });
    for (const unknown of ["nothing", "%00", SYSTEM_TENANT]) {
      expect((await call("DELETE", `/v1/api-keys/${unknown}`)).status).toBe(404);
    }
  });

  test("a key is refused as soon as it has expired", async () => {
    const { bearer } = await aKey(gateway, ["read"], { expires_in: 60 });
    expect((await call("GET", "/v1/agents", undefined, { bearer })).status).toBe(200);
    now = new Date(now.getTime() + 61_000);
    expect((await call("GET", "/v1/agents", undefined, { bearer })).status).toBe(401);
  });

  test("a key bound to a user acts for that user and ignores the header", async () => {
    const key = await aKey(gateway, ["admin"], { owner_id: "grace" });
    const options = { bearer: key.bearer, user: "mallory" };
    const agent = await call("POST", "/v1/agents", { agent_key: "graces", provider: "p", model: "m" }, options);
    expect(agent.body.owner_id).toBe("grace");
    const made = await create({}, options);
    expect(made.body.owner_id).toBe("grace");
    expect((await create({ owner_id: "mallory" }, options)).status).toBe(403);
  });

  test("a key cannot create a key that outlives it or belongs to another tenant", async () => {
    const key = await aKey(gateway, ["admin"], { tenant: "acme", expires_in: 1_000 });
    expect((await create({ expires_in: 999, tenant_id: acme.toUpperCase() }, key)).body.tenant_id).toBe(acme);
    expect((await create({ expires_in: 999, tenant_id: null }, key)).body.tenant_id).toBe(acme);
    for (const tenant_id of [MASTER_TENANT_ID, SYSTEM_TENANT, newId()]) {
      const refused = await create({ expires_in: 999, tenant_id }, key);
      expect([refused.status, refused.body.error.details]).toEqual([403, { field: "tenant_id" }]);
    }
    expect((await create({}, key)).status).toBe(403);
    const longer = await create({ expires_in: 1_001 }, { ...key, headers: { "Accept-Language": "vi" } });
    expect([longer.status, longer.body.error.code]).toEqual([403, "UNAUTHORIZED"]);
    expect(longer.body.error.message).toContain("khóa");
  });

  test("only an owner who names no tenant creates a system key", async () => {
    expect((await create({}, OWNER)).body.tenant_id).toBe(SYSTEM_TENANT);
    expect((await create({}, inAcme)).body.tenant_id).toBe(acme);
    expect((await create({ tenant_id: acme }, OWNER)).body.tenant_id).toBe(acme);
    expect((await create({ tenant_id: acme }, { user: "ada" })).status).toBe(403);
    expect((await create({}, { user: "ada" })).body.tenant_id).toBe(MASTER_TENANT_ID);
    expect((await create({ tenant_id: SYSTEM_TENANT }, OWNER)).status).toBe(404);
    expect((await create({ tenant_id: "acme!" }, OWNER)).status).toBe(400);
  });

  test("only owners and system keys see and revoke system keys", async () => {
    const system = (await create({ scopes: ["admin"] }, OWNER)).body;
    const admin = await aKey(gateway, ["admin"]);
    expect(await idsOf({ bearer: system.key })).toContain(system.id);
    expect(await idsOf(OWNER)).toContain(system.id);
    for (const options of [{ user: "ada" }, admin]) {
      expect(await idsOf(options)).not.toContain(system.id);
      expect((await call("DELETE", `/v1/api-keys/${system.id}`, undefined, options)).status).toBe(404);
    }
    const made = await create({}, { bearer: system.key, headers: { "X-GoClaw-Tenant-Id": "acme" } });
    expect(made.body.tenant_id).toBe(acme);
    expect((await call("DELETE", `/v1/api-keys/${system.id}`, undefined, { bearer: system.key })).status).toBe(200);
  });

  test("another tenant's key is not found, and a key stays in its tenant despite the tenant header", async () => {
    const ours = await aKey(gateway, ["admin"]);
    const theirs = await aKey(gateway, ["admin"], { tenant: "acme" });
    expect((await call("DELETE", `/v1/api-keys/${ours.id}`, undefined, theirs)).status).toBe(404);
    const pretending = { ...theirs, headers: { "X-GoClaw-Tenant-Id": "master" } };
    expect(await idsOf(pretending)).toContain(theirs.id);
    expect(await idsOf(pretending)).not.toContain(ours.id);
  });

  test("a key that is not an administrator's is refused", async () => {
    for (const scope of ["read", "write", "operator.approvals"]) {
      const key = await aKey(gateway, [scope]);
      expect((await call("GET", "/v1/api-keys", undefined, key)).status).toBe(403);
      expect((await create({}, key)).status).toBe(403);
      expect((await call("DELETE", `/v1/api-keys/${key.id}`, undefined, key)).status).toBe(403);
    }
  });
});
