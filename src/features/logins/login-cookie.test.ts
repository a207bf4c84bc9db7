import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { logFeed } from "#core/live/log-feed.ts";
import { aPairedBrowser } from "#features/devices/device-fixture.ts";
import { aLoginCode, codeIn, signIn } from "#features/logins/login-fixture.ts";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { openSocket, refused } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const PAGE = "https://app.example";
const TIMEOUT = 60_000;

describe.each([...testDialects()])("the cookie of a login on %s", async (dialect) => {
  const gateway = await startTestGateway({
    dialect,
    env: { GOCLAW_GATEWAY_ALLOWED_ORIGINS: PAGE, GOCLAW_GATEWAY_TRUSTED_PROXIES: "true" },
  });
  const { call, url } = gateway;
  const host = new URL(url).host;
  const { cookie, id } = await signIn(gateway);
  afterAll(() => gateway.stop());
  const who = (headers: Readonly<Record<string, string>>, bearer: string | null = null) =>
    call("GET", "/v1/logins/current", undefined, { bearer, user: null, headers });
  const withCookie = (headers: Readonly<Record<string, string>>) => who({ Cookie: cookie, ...headers });

  test.each([
    {},
    { Origin: url },
    { Origin: `https://${host}` },
    { "Sec-Fetch-Site": "same-origin" },
    { "Sec-Fetch-Site": "none" },
    { Origin: url, "Sec-Fetch-Site": "same-origin" },
  ])("counts with %j", async (headers) => {
    const answer = await withCookie(headers);
    expect([answer.body.login_id, answer.headers.get("vary")]).toEqual([id, "Origin, Cookie"]);
  });

  test.each([
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "cross-site" },
    { Origin: url, "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "same-origin, none" },
    { Origin: PAGE },
    { Origin: PAGE, "Sec-Fetch-Site": "same-origin" },
  ])("counts for nothing with %j", async (headers) => {
    expect((await withCookie(headers)).status).toBe(401);
    expect((await who({ Cookie: cookie, ...headers }, gateway.token)).status).toBe(200);
  });

  test.each(["http://127.0.0.1:1", "http://localhost", "null"])("is refused from %s", async (origin) => {
    expect((await withCookie({ Origin: origin })).status).toBe(403);
  });

  test("is found among the odd cookies of other programs", async () => {
    const value = cookie.split("=")[1] ?? "";
    const name = cookie.split("=")[0] ?? "";
    for (const odd of [
      `a; b=; =c; "d"=e; f="g;h"; ;;${cookie}; x=%E0%A4%A`,
      `${name}x=1;${name.slice(1)}=2;\t${cookie} `,
      `json={"a":[1,2]}; ${name}="${value}"; ${name}=wrong`,
    ]) {
      expect((await who({ Cookie: odd })).body.login_id).toBe(id);
    }
    for (const wrong of ["", name, `${name}=`, `${name}=${value}0`, `${name}=${value.toUpperCase()}`, `${name}=%00`]) {
      expect((await who({ Cookie: wrong })).status).toBe(401);
    }
  });

  test("gives way to a token, and a wrong token does not fall back to it", async () => {
    const key = await aKey(gateway, ["read"], { owner_id: "lan" });
    expect((await who({ Cookie: cookie }, key.bearer)).body).toMatchObject({ user_id: "lan", login_id: null });
    expect((await who({ Cookie: cookie }, "wrong")).status).toBe(401);
    expect((await withCookie({ "X-GoClaw-Sender-Id": "1" })).status).toBe(401);
  });

  test("is set with Secure where the page came over https, and only for pages of the gateway", async () => {
    const setBy = async (headers: Readonly<Record<string, string>>) => {
      const { answer } = await signIn(gateway, undefined, headers);
      return answer.headers.get("set-cookie") ?? answer.body.error.details.reason;
    };
    for (const headers of [{ Origin: `https://${host}` }, { "X-Forwarded-Proto": "https" }]) {
      expect(await setBy(headers)).toEndWith("; Secure");
    }
    for (const headers of [{}, { Origin: url }, { "X-Forwarded-Proto": "http" }]) {
      expect(await setBy(headers)).not.toContain("Secure");
    }
    for (const headers of [{ Origin: PAGE }, { Origin: "null" }, { "Sec-Fetch-Site": "same-site" }]) {
      expect(await setBy(headers)).toBe("foreign_page");
    }
  });

  test("is for callers with a token or a key alone, so a paired browser can make no link", async () => {
    const admin = await openSocket(gateway);
    const senderId = await aPairedBrowser(gateway, admin, "198.51.100.1");
    await admin.close();
    const device = { bearer: null, headers: { "X-GoClaw-Sender-Id": senderId } };
    expect((await call("POST", "/v1/logins/links", {}, device)).status).toBe(403);
    const { body } = await call("GET", "/v1/logins/current", undefined, device);
    expect(body).toMatchObject({ authenticated_by: "device", role: "operator", login_id: null });
  });

  test("makes links for the address by which the gateway was reached", async () => {
    const linkWith = async (headers: Readonly<Record<string, string>>) =>
      new URL((await call("POST", "/v1/logins/links", {}, { headers })).body.url).origin;
    expect(await linkWith({ "X-Forwarded-Proto": "https" })).toBe(`https://${host}`);
    expect(await linkWith({ Host: "gateway.example", "X-Forwarded-Proto": "HTTPS, http" })).toBe(
      "https://gateway.example",
    );
  });

  describe("on a socket", () => {
    const open = (headers: Readonly<Record<string, string>>) =>
      openSocket(gateway, { connects: false, headers: { Cookie: cookie, ...headers } });

    test("connects without a token, and gives way to one", async () => {
      const socket = await open({ Origin: url });
      expect(await socket.call("connect")).toMatchObject({ role: "admin", user_id: "ada" });
      expect(await socket.call("logins.current")).toMatchObject({ login_id: id, authenticated_by: "gateway" });
      const { logins } = await socket.call("logins.list");
      expect(logins.find((login: { readonly id: string }) => login.id === id).is_current).toBe(true);
      expect((await socket.call("logins.create_link")).url).toStartWith(`${url}/#sign-in=`);
      for (const method of ["logins.create", "logins.end"]) {
        expect(await refused(socket.call(method, { token: gateway.token }))).toMatchObject({
          code: "INVALID_REQUEST",
          details: { reason: "http_only" },
        });
      }
      const key = await aKey(gateway, ["read"]);
      expect(await socket.call("connect", { token: key.bearer })).toMatchObject({ role: "viewer" });
      expect(await socket.call("logins.current")).toMatchObject({ login_id: null });
      await socket.close();
    });

    test.each([{ Origin: PAGE }, { Origin: url, "Sec-Fetch-Site": "same-site" }, { Cookie: "a=b" }])(
      "leaves a stranger with %j",
      async (headers) => {
        const socket = await open(headers);
        expect(await socket.call("connect")).toMatchObject({ status: "pending_pairing" });
        await socket.close();
      },
    );

    test("ends with its login, and with its key", async () => {
      const key = await aKey(gateway, ["read"]);
      const [ofLogin, ofKey] = [await signIn(gateway), await signIn(gateway, { token: key.bearer })];
      const sockets = await Promise.all([ofLogin, ofKey].map((each) => open({ Cookie: each.cookie })));
      for (const socket of sockets) await socket.call("connect");
      await call("DELETE", `/v1/logins/${ofLogin.id}`);
      await call("DELETE", `/v1/api-keys/${key.id}`, undefined, { user: "system" });
      for (const socket of sockets) expect(await socket.closed).toMatchObject({ code: 1_008 });
    });
  });
});

test("failed attempts to sign in are limited by address, and a valid one is not", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_RATE_LIMIT_RPM: "1" } });
  const attempt = async (input: object) => (await signIn(gateway, input)).answer.status;
  for (let time = 0; time < LIMITS.rateBurst; time++) {
    expect(await attempt(time % 2 ? { token: "wrong" } : { code: "wrong" })).toBe(401);
  }
  expect(await attempt({ token: "wrong" })).toBe(429);
  expect(await attempt({ code: await aLoginCode(gateway) })).toBe(201);
  await gateway.stop();
});

test("nobody signs in where nobody has to", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_GATEWAY_AUTH: "none" } });
  const open = { bearer: null };
  expect((await gateway.call("POST", "/v1/logins/links", {}, open)).body).toEqual({
    url: `${gateway.url}/`,
    expires_at: null,
  });
  const { answer } = await signIn(gateway, { token: gateway.token });
  expect([answer.status, answer.body.error.details.reason]).toEqual([409, "login_not_needed"]);
  expect((await gateway.call("GET", "/v1/logins/current", undefined, open)).body).toMatchObject({
    ...{ authenticated_by: "none", role: "admin", login_id: null },
  });
  await gateway.stop();
});

test("two gateways on one machine have cookies of different names, and know nothing of each other's", async () => {
  const gateways = await Promise.all([startTestGateway(), startTestGateway()]);
  const [one, two] = await Promise.all(gateways.map((gateway) => signIn(gateway)));
  expect(one?.cookie.split("=")[0]).not.toBe(two?.cookie.split("=")[0]);
  const both = { bearer: null, headers: { Cookie: `${one?.cookie}; ${two?.cookie}` } };
  const ids = gateways.map(
    async ({ call }) => (await call("GET", "/v1/logins/current", undefined, both)).body.login_id,
  );
  expect(await Promise.all(ids)).toEqual([one?.id, two?.id]);
  await Promise.all(gateways.map((gateway) => gateway.stop()));
});

test("the log holds neither codes nor cookies, not even wrong ones", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_LOG_LEVEL: "debug" } });
  const lines: string[] = [];
  gateway.gateway.services.use(logFeed).subscribe("debug", (entry) => lines.push(JSON.stringify(entry)));
  const code = await aLoginCode(gateway);
  const { cookie, caller } = await signIn(gateway, { code });
  const socket = await openSocket(gateway, { token: null, headers: { Cookie: cookie } });
  const { url } = await socket.call("logins.create_link");
  const value = cookie.split("=")[1] ?? "";
  await signIn(gateway, { code });
  await signIn(gateway, { token: `${code}x` });
  await gateway.call("GET", "/v1/agents", undefined, { bearer: null, headers: { Cookie: `${cookie}x` } });
  await gateway.call("DELETE", "/v1/logins/current", undefined, caller);
  await socket.closed;
  const text = lines.join("\n");
  for (const operation of ["logins.create", "logins.create_link", "logins.end"]) expect(text).toContain(operation);
  for (const secret of [code, value, codeIn(url)]) expect(text).not.toContain(secret);
  await gateway.stop();
});

describe.each([...testDialects()])("a gateway on %s", (dialect) => {
  test(
    "welcomes its operator with a link, keeps logins over a restart, and ends them with its token",
    async () => {
      const site = await createServerSite(dialect, { GOCLAW_GATEWAY_TOKEN: "a".repeat(48) });
      const stopped = async (server: Awaited<ReturnType<typeof startReadyServer>>) => {
        server.signal("SIGKILL");
        await server.exited;
      };
      const send = (method: string, path: string, headers: Readonly<Record<string, string>>, body?: object) =>
        fetch(site.url + path, {
          method,
          headers: { "Content-Type": "application/json", ...headers },
          ...(body && { body: JSON.stringify(body) }),
          keepalive: false,
        });
      const first = await startReadyServer(site);
      const code = /#sign-in=([0-9a-f]{32})/.exec(first.output())?.[1];
      const created = await send("POST", "/v1/logins", {}, { code });
      expect(await created.json()).toMatchObject({
        caller: { user_id: "system", is_owner: true, tenant_slug: "master" },
      });
      const cookie = created.headers.get("set-cookie")?.split(";")[0] ?? "";
      await stopped(first);

      const second = await startReadyServer(site);
      const current = () => send("GET", "/v1/logins/current", { Cookie: cookie });
      expect((await current()).status).toBe(200);
      expect(second.output()).toContain(" dashboard");
      expect(second.output()).not.toContain("#sign-in=");
      await stopped(second);

      const token = "b".repeat(48);
      const third = await startReadyServer(site, { env: { GOCLAW_GATEWAY_TOKEN: token } });
      expect((await current()).status).toBe(401);
      const list = await send("GET", "/v1/logins", { Authorization: `Bearer ${token}` });
      expect(await list.json()).toEqual({ logins: [] });
      await stopped(third);
      await site.remove();
    },
    TIMEOUT,
  );
});
