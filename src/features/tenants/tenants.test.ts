import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, toTenantId } from "#base/ids.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("tenants on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const asTenant = (tenant: string, user = "system") => ({ user, headers: { "X-GoClaw-Tenant-Id": tenant } });

  test("an owner creates a tenant and reads it by id and by slug", async () => {
    const created = await call("POST", "/v1/tenants", { name: "Acme", slug: "acme", settings: { a: 1 } }, OWNER);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ name: "Acme", slug: "acme", status: "active", settings: { a: 1 } });
    for (const name of ["acme", created.body.id, created.body.id.toUpperCase()]) {
      expect((await call("GET", `/v1/tenants/${name}`, undefined, OWNER)).body).toEqual(created.body);
    }
    const { tenants } = (await call("GET", "/v1/tenants", undefined, OWNER)).body;
    expect(tenants.map((tenant: { slug: string }) => tenant.slug)).toContain("acme");
  });

  test("slugs are unique, well formed, and neither reserved nor like an id", async () => {
    await aTenant(gateway, "taken");
    expect((await call("POST", "/v1/tenants", { name: "x", slug: "taken" }, OWNER)).body.error.code).toBe(
      "ALREADY_EXISTS",
    );
    for (const slug of ["Bad Slug", "-a", "a-", "", "mine", MASTER_TENANT_ID]) {
      expect((await call("POST", "/v1/tenants", { name: "x", slug }, OWNER)).status).toBe(400);
    }
  });

  test("PUT and PATCH change the named fields and return the tenant", async () => {
    const id = await aTenant(gateway, "changing");
    const put = await call("PUT", `/v1/tenants/${id}`, { name: "Changed", slug: "changed" }, OWNER);
    expect([put.status, put.body.name, put.body.slug]).toEqual([200, "Changed", "changed"]);
    const patch = await call("PATCH", "/v1/tenants/changed", { settings: { b: 2 } }, OWNER);
    expect(patch.body).toMatchObject({ id, name: "Changed", settings: { b: 2 } });
    expect((await call("PUT", `/v1/tenants/${id}`, { slug: "master" }, OWNER)).status).toBe(409);
    expect((await call("PUT", "/v1/tenants/nobody", { name: "x" }, OWNER)).status).toBe(404);
  });

  test("a suspended tenant refuses all callers until it is active again", async () => {
    const id = await aTenant(gateway, "sleepy");
    const key = await aKey(gateway, ["read"], { tenant: "sleepy" });
    await call("PATCH", `/v1/tenants/${id}`, { status: "suspended" }, OWNER);
    expect((await call("GET", "/v1/agents", undefined, key)).status).toBe(403);
    expect((await call("GET", "/v1/agents", undefined, asTenant("sleepy"))).status).toBe(403);
    await call("PATCH", `/v1/tenants/${id}`, { status: "active" }, OWNER);
    expect((await call("GET", "/v1/agents", undefined, key)).status).toBe(200);
  });

  test("deleting a tenant deletes its data, and its keys stop working", async () => {
    const id = await aTenant(gateway, "doomed");
    const key = await aKey(gateway, ["admin"], { tenant: "doomed" });
    const agent = { agent_key: "bot", provider: "p", model: "m" };
    expect((await call("POST", "/v1/agents", agent, key)).status).toBe(201);
    expect((await call("DELETE", "/v1/tenants/doomed", undefined, OWNER)).body).toEqual({ status: "deleted" });
    expect((await call("DELETE", "/v1/tenants/doomed", undefined, OWNER)).status).toBe(404);
    expect((await call("GET", "/v1/agents", undefined, key)).status).not.toBe(200);
    const system = gateway.gateway.database.system("the test looks into every tenant");
    const remaining = system.read.selectFrom("agents").select("id").where("tenant_id", "=", toTenantId(id));
    expect(await remaining.execute()).toEqual([]);
  });

  test("the master tenant cannot be deleted or archived, and the current tenant cannot be deleted", async () => {
    await aTenant(gateway, "here");
    for (const answer of [
      await call("DELETE", `/v1/tenants/${MASTER_TENANT_ID}`, undefined, OWNER),
      await call("DELETE", "/v1/tenants/here", undefined, asTenant("here")),
      await call("PATCH", "/v1/tenants/master", { status: "archived" }, OWNER),
    ]) {
      expect([answer.status, answer.body.error.code]).toEqual([409, "FAILED_PRECONDITION"]);
    }
  });

  test("members are added, get another role, are listed and removed; a second removal succeeds", async () => {
    await aTenant(gateway, "team");
    const path = "/v1/tenants/team/users";
    expect((await call("POST", path, { user_id: "grace", role: "viewer" }, OWNER)).status).toBe(201);
    expect((await call("POST", path, { user_id: "grace", role: "admin" }, OWNER)).body.role).toBe("admin");
    expect((await call("GET", path, undefined, OWNER)).body.users).toMatchObject([{ user_id: "grace", role: "admin" }]);
    expect((await call("POST", path, { user_id: "a\u0000b", role: "admin" }, OWNER)).status).toBe(400);
    expect((await call("POST", path, { user_id: "grace", role: "king" }, OWNER)).status).toBe(400);
    for (let times = 0; times < 2; times++) {
      expect((await call("DELETE", `${path}/grace`, undefined, OWNER)).status).toBe(200);
    }
    expect((await call("GET", path, undefined, OWNER)).body.users).toEqual([]);
  });

  test("mine lists all tenants for an owner, memberships for a user, and only its own tenant for a key", async () => {
    await aTenant(gateway, "club");
    await call("POST", "/v1/tenants/club/users", { user_id: "bob", role: "member" }, OWNER);
    const slugs = async (options: object) =>
      (await call("GET", "/v1/tenants/mine", undefined, options)).body.tenants
        .map(({ slug }: { slug: string }) => slug)
        .sort();
    expect(await slugs({ user: "bob" })).toEqual(["club", "master"]);
    expect(await slugs({ user: "eve" })).toEqual(["master"]);
    expect((await slugs(OWNER)).length).toBeGreaterThan(2);
    expect(await slugs({ ...(await aKey(gateway, ["read"], { tenant: "club" })), user: "bob" })).toEqual(["club"]);
  });

  test("administrators and keys may only list their own tenants", async () => {
    const key = await aKey(gateway, ["admin"]);
    for (const options of [{ user: "ada" }, key]) {
      expect((await call("GET", "/v1/tenants", undefined, options)).status).toBe(403);
      expect((await call("GET", "/v1/tenants/master", undefined, options)).status).toBe(403);
      expect((await call("POST", "/v1/tenants", { name: "x", slug: "x" }, options)).status).toBe(403);
      expect((await call("DELETE", "/v1/tenants/here", undefined, options)).status).toBe(403);
      expect((await call("POST", "/v1/tenants/here/users", {}, options)).status).toBe(403);
    }
  });

  test("a text that is neither id nor slug finds no tenant", async () => {
    for (const name of ["%00", "a%20b", "..%2F", "x".repeat(200), "0193a5b0-7000-7000-8000-00000000ffff"]) {
      expect((await call("GET", `/v1/tenants/${name}`, undefined, OWNER)).status).toBe(404);
    }
  });
});
