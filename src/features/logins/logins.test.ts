import { afterAll, describe, expect, test } from "bun:test";
import { DAY, MINUTE, SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { systemDatabase } from "#core/system-database.ts";
import { aLoginCode, codeIn, signIn } from "#features/logins/login-fixture.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe.each([...testDialects()])("a browser on %s", async (dialect) => {
  let now = new Date();
  const later = (milliseconds: number) => {
    now = new Date(now.getTime() + milliseconds);
  };
  const gateway = await startTestGateway({ dialect, clock: { now: () => now } });
  const { call } = gateway;
  await aTenant(gateway, "fox");
  afterAll(() => gateway.stop());
  const statusOf = async (caller: object) => (await call("GET", "/v1/agents", undefined, caller)).status;
  /** Makes the gateway forget what it remembers of logins. */
  const forgetLogins = async () => {
    const { id } = await signIn(gateway);
    await call("DELETE", `/v1/logins/${id}`);
  };

  test("signs in by a link, as the caller who made it", async () => {
    const { status, body, headers } = await call("POST", "/v1/logins/links", {});
    expect(status).toBe(201);
    expect(body).toEqual({
      url: expect.stringMatching(new RegExp(`^${gateway.url}/#sign-in=[0-9a-f]{32}$`)),
      expires_at: new Date(now.getTime() + 10 * MINUTE).toISOString(),
    });
    expect(headers.get("set-cookie")).toBeNull();
    const { answer, caller, cookie, id } = await signIn(
      gateway,
      { code: codeIn(body.url) },
      { "User-Agent": `Mo\u0085zilla ${"x".repeat(300)}` },
    );
    expect(answer.status).toBe(201);
    const described = {
      ...{ role: "admin", user_id: "ada", tenant_slug: "master", tenant_name: "Master", is_owner: false },
      ...{ tenant_id: expect.stringMatching(UUID), is_master_scope: true, authenticated_by: "gateway", login_id: id },
    };
    expect(answer.body).toEqual({
      login: {
        ...{ id: expect.stringMatching(UUID), user_id: "ada", made_with: "gateway", api_key_id: null },
        ...{ user_agent: `Mozilla ${"x".repeat(LIMITS.userAgentChars - 8)}`, ip: "127.0.0.1", is_current: true },
        ...{ created_at: now.toISOString(), last_used_at: now.toISOString() },
        expires_at: new Date(now.getTime() + 14 * DAY).toISOString(),
      },
      caller: described,
    });
    expect(answer.headers.get("set-cookie")).toMatch(
      /^goclaw_login_[0-9a-f]{8}=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=7776000$/,
    );
    expect(answer.text).not.toContain(cookie.split("=")[1] ?? "");
    expect((await call("GET", "/v1/logins/current", undefined, caller)).body).toEqual(described);
  });

  test("has the rights of its credential, and the tenant and user that were named", async () => {
    const bound = await aKey(gateway, ["read"], { tenant: "fox", owner_id: "lan" });
    const [ofFox, ofBound, ofForm] = [
      await signIn(gateway, {
        code: await aLoginCode(gateway, { ...OWNER, headers: { "X-GoClaw-Tenant-Id": "fox" } }),
      }),
      await signIn(gateway, { token: bound.bearer, user_id: "eve" }),
      await signIn(gateway, { token: gateway.token, user_id: "system" }),
    ];
    const whoIs = async ({ caller }: typeof ofFox, headers = {}) =>
      (await call("GET", "/v1/logins/current", undefined, { ...caller, headers: { ...caller.headers, ...headers } }))
        .body;
    expect(await whoIs(ofFox)).toMatchObject({ role: "owner", tenant_slug: "fox", user_id: "system", is_owner: true });
    const elsewhere = { "X-GoClaw-Tenant-Id": "master", "X-GoClaw-User-Id": "bob" };
    expect(await whoIs(ofFox, elsewhere)).toMatchObject({ role: "admin", tenant_slug: "master", user_id: "bob" });
    const fox = { role: "viewer", tenant_slug: "fox", user_id: "lan", authenticated_by: "api_key" };
    expect(await whoIs(ofBound, elsewhere)).toMatchObject(fox);
    expect(await whoIs(ofForm)).toMatchObject({ role: "owner", tenant_slug: "master" });
    expect((await call("POST", "/v1/agents", {}, ofBound.caller)).status).toBe(403);
  });

  test("can work although nobody was named when it signed in", async () => {
    const { bearer } = await aKey(gateway, ["write"]);
    for (const token of [gateway.token, bearer]) {
      const { caller, answer } = await signIn(gateway, { token });
      const { user_id } = answer.body.caller;
      expect(user_id).toMatch(/^(?:system|key:[0-9a-f]{8})$/);
      const sessions = await call("GET", "/v1/sessions", undefined, caller);
      expect([sessions.status, sessions.body.sessions]).toEqual([200, []]);
    }
  });

  test("uses a link once, also where two come at the same moment", async () => {
    const code = await aLoginCode(gateway);
    const answers = await Promise.all([1, 2, 3, 4].map(() => signIn(gateway, { code })));
    expect(answers.map(({ answer }) => answer.status).toSorted()).toEqual([201, 401, 401, 401]);
    const { answer } = await signIn(gateway, { code }, { "Accept-Language": "vi" });
    expect(answer.body.error).toMatchObject({ code: "UNAUTHORIZED", details: { reason: "link_spent" } });
    expect(answer.body.error.message).toContain("goclaw dashboard");
    expect(answer.headers.get("set-cookie")).toBeNull();
  });

  test("cannot use a link after ten minutes, nor a code as a cookie", async () => {
    const [early, late] = [await aLoginCode(gateway), await aLoginCode(gateway)];
    const { cookie } = await signIn(gateway);
    const name = cookie.split("=")[0];
    expect(await statusOf({ bearer: null, headers: { Cookie: `${name}=${early}` } })).toBe(401);
    later(LIMITS.loginLinkTime - 1);
    expect((await signIn(gateway, { code: early })).answer.status).toBe(201);
    later(1);
    expect((await signIn(gateway, { code: late })).answer.status).toBe(401);
  });

  test("gets no second link from a repeated call, and its code is stored nowhere", async () => {
    const headers = { "Idempotency-Key": "once" };
    const first = await call("POST", "/v1/logins/links", {}, { headers });
    const second = await call("POST", "/v1/logins/links", {}, { headers });
    expect(second.body).toEqual({ expires_at: first.body.expires_at });
    const { read } = gateway.gateway.services.use(systemDatabase);
    const kept = await read.selectFrom("idempotency_keys").selectAll().where("key", "=", "once").execute();
    const rows = await read.selectFrom("logins").selectAll().execute();
    const { cookie } = await signIn(gateway);
    expect(kept).toHaveLength(1);
    for (const secret of [codeIn(first.body.url), cookie.split("=")[1] ?? ""]) {
      expect(JSON.stringify([kept, rows])).not.toContain(secret);
    }
  });

  test("is refused with a wrong token, with no credential, and without a change of its earlier login", async () => {
    const { cookie, caller } = await signIn(gateway);
    const wrong = await signIn(gateway, { token: "wrong" }, { Cookie: cookie });
    expect(wrong.answer.status).toBe(401);
    expect(wrong.answer.body.error.details).toEqual({ reason: "wrong_token" });
    expect((await signIn(gateway, {})).answer.status).toBe(400);
    expect((await signIn(gateway, { code: "", token: "" })).answer.status).toBe(400);
    expect(await statusOf(caller)).toBe(200);
  });

  test("ends its earlier login where it signs in again", async () => {
    const first = await signIn(gateway);
    const second = await signIn(gateway, undefined, { Cookie: first.cookie });
    expect([await statusOf(first.caller), await statusOf(second.caller)]).toEqual([401, 200]);
  });

  test("stays signed in for fourteen days from its last use, and for ninety in all", async () => {
    const idle = await signIn(gateway);
    later(LIMITS.loginTime);
    expect(await statusOf(idle.caller)).toBe(401);
    const used = await signIn(gateway);
    for (let day = 0; day < 90; day += 10) {
      expect(await statusOf(used.caller)).toBe(200);
      later(10 * DAY - SECOND);
      await forgetLogins();
    }
    expect(await statusOf(used.caller)).toBe(200);
    later(10 * SECOND);
    expect(await statusOf(used.caller)).toBe(401);
  });

  test("says when it was last used, to a few minutes", async () => {
    const { caller, id } = await signIn(gateway);
    const lastUse = async () => {
      const { logins } = (await call("GET", "/v1/logins", undefined, caller)).body;
      return logins.find((login: { readonly id: string }) => login.id === id).last_used_at;
    };
    const begun = now.toISOString();
    later(MINUTE);
    await forgetLogins();
    expect(await lastUse()).toBe(begun);
    later(LIMITS.loginUseTime);
    await forgetLogins();
    expect(await lastUse()).toBe(now.toISOString());
  });

  test("is nobody without its key: revoked, expired or of a tenant that is suspended", async () => {
    await aTenant(gateway, `owl`);
    const [revoked, expiring, ofOwl] = [
      await aKey(gateway, ["admin"]),
      await aKey(gateway, ["admin"], { expires_in: 60 }),
      await aKey(gateway, ["admin"], { tenant: "owl" }),
    ];
    const [one, two, three] = await Promise.all(
      [revoked, expiring, ofOwl].map(({ bearer }) => signIn(gateway, { token: bearer })),
    );
    const code = await aLoginCode(gateway, revoked);
    const statuses = () => Promise.all([one, two, three].map((each) => statusOf(each?.caller ?? {})));
    expect(await statuses()).toEqual([200, 200, 200]);
    await call("DELETE", `/v1/api-keys/${revoked.id}`, undefined, OWNER);
    await call("PUT", "/v1/tenants/owl", { status: "suspended" }, OWNER);
    later(MINUTE);
    expect(await statuses()).toEqual([401, 401, 403]);
    expect((await signIn(gateway, { code })).answer.status).toBe(401);
    const { logins } = (await call("GET", "/v1/logins")).body;
    expect(logins.map(({ id }: { readonly id: string }) => id)).not.toContain(one?.id);
  });

  test("signs out, and its cookie is cleared", async () => {
    const { caller } = await signIn(gateway);
    const { status, body, headers } = await call("DELETE", "/v1/logins/current", undefined, caller);
    expect([status, body]).toEqual([200, { status: "revoked" }]);
    expect(headers.get("set-cookie")).toMatch(/^goclaw_login_[0-9a-f]{8}=; Path=\/; .*Max-Age=0$/);
    expect(await statusOf(caller)).toBe(401);
    expect((await call("DELETE", "/v1/logins/current")).status).toBe(404);
  });

  test("signs out also while it acts in another tenant", async () => {
    const { caller } = await signIn(gateway, { code: await aLoginCode(gateway, OWNER) });
    const inFox = { ...caller, headers: { ...caller.headers, "X-GoClaw-Tenant-Id": "fox" } };
    expect((await call("DELETE", "/v1/logins/current", undefined, inFox)).status).toBe(200);
    expect(await statusOf(caller)).toBe(401);
  });

  test("is listed and signed out by administrators of its tenant and by its user alone", async () => {
    const fox = { tenant: "fox" };
    const [admin, lan, eve, stranger] = [
      await aKey(gateway, ["admin"], fox),
      await aKey(gateway, ["read"], { ...fox, owner_id: "lan" }),
      await aKey(gateway, ["read"], { ...fox, owner_id: "eve" }),
      await aKey(gateway, ["admin"]),
    ];
    const { id, caller } = await signIn(gateway, { token: lan.bearer });
    const find = async (who: object) => {
      const { logins } = (await call("GET", "/v1/logins", undefined, who)).body;
      return logins.filter((login: { readonly id: string }) => login.id === id);
    };
    const shown = { id, user_id: "lan", made_with: "api_key", api_key_id: lan.id };
    expect(await find(caller)).toMatchObject([{ ...shown, is_current: true }]);
    for (const who of [admin, lan]) expect(await find(who)).toMatchObject([{ ...shown, is_current: false }]);
    for (const who of [eve, stranger]) {
      expect(await find(who)).toEqual([]);
      expect((await call("DELETE", `/v1/logins/${id}`, undefined, who)).status).toBe(404);
    }
    expect(await statusOf(caller)).toBe(200);
    expect((await call("DELETE", `/v1/logins/${id}`, undefined, admin)).body).toEqual({ status: "revoked" });
    expect(await statusOf(caller)).toBe(401);
    expect((await call("DELETE", `/v1/logins/${id}`, undefined, admin)).status).toBe(404);
  });

  test("leaves rows in the activity log that name its user, and no secret", async () => {
    const { caller, cookie, id } = await signIn(gateway);
    await call("DELETE", "/v1/logins/current", undefined, caller);
    const { body, text } = await call("GET", "/v1/activity?entity_type=login&limit=3");
    expect(body.logs.map(({ action }: { readonly action: string }) => action)).toEqual([
      "login.revoked",
      "login.created",
      "login.offered",
    ]);
    for (const row of body.logs) {
      expect(row).toMatchObject({ actor_type: "user", actor_id: "ada", entity_id: id, details: { user_id: "ada" } });
    }
    expect(text).not.toContain(cookie.split("=")[1] ?? "");
  });
});
