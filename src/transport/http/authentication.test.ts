import { afterAll, describe, expect, test } from "bun:test";
import { catalogs } from "#base/i18n/translate.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { rawRequest, statusIn } from "#testing/raw-request.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("authentication and request checks on %s", async (dialect) => {
  let now = new Date();
  const gateway = await startTestGateway({ dialect, clock: { now: () => now } });
  const { call, url, token } = gateway;
  afterAll(() => gateway.stop());
  const acme = await aTenant(gateway, "acme");
  const raw = (lines: readonly string[], start = "GET /v1/agents") =>
    rawRequest(
      url,
      Buffer.from([`${start} HTTP/1.1`, "Host: x", ...lines, "Connection: close", "", ""].join("\r\n"), "latin1"),
    );
  const bearer = `Authorization: Bearer ${token}`;

  test("no path trick bypasses authentication", async () => {
    for (const path of [
      "/v1//agents",
      "/V1/agents",
      "/v1/agents/",
      "/v1/%61gents",
      "/v1/agents?token=1",
      "/health/../v1/agents",
      "/health/..%2fv1/agents",
      "/v1/agents;x",
      "/v1/agents%00",
      "/v1/./agents",
      "//v1/agents",
      "/%2e%2e/v1/agents",
      "/docs/../v1/agents",
      "/docs/..;/v1/agents",
      "/v1/agents#/health",
      "http://x/v1/agents",
    ]) {
      const answer = await raw([], `GET ${path}`);
      expect([401, 404, path]).toContain(statusIn(answer));
      expect(answer).not.toContain("agent_key");
    }
  });

  test("a token in the query is ignored", async () => {
    expect((await call("GET", `/v1/agents?token=${token}`, undefined, { bearer: null })).status).toBe(401);
  });

  test("two Authorization headers are refused in either order, and so is a malformed one", async () => {
    for (const lines of [
      [bearer, "Authorization: Bearer bad"],
      ["Authorization: Bearer bad", bearer],
      [bearer, bearer],
    ]) {
      expect(statusIn(await raw(lines))).toBe(400);
    }
    for (const value of ["", "Bearer", `Basic ${token}`, token, `Bearer ${token} x`, `Bearer  ${token.slice(1)}`]) {
      expect([statusIn(await raw([`Authorization: ${value}`])), value]).toEqual([401, value]);
    }
    expect(statusIn(await raw([`authorization: bEaReR ${token}`]))).toBe(200);
  });

  test("the allowed methods are shown only to callers that may know the path", async () => {
    expect((await call("PATCH", "/v1/agents", {}, { bearer: null })).status).toBe(401);
    expect((await call("PATCH", "/v1/agents", {}, { bearer: "wrong" })).status).toBe(401);
    const { status, headers, body } = await call("PATCH", "/v1/agents", {});
    expect([status, headers.get("allow"), body.error.code]).toEqual([405, "GET, POST", "INVALID_REQUEST"]);
  });

  test("HEAD responds like GET, without a body", async () => {
    const head = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${url}${path}`, { method: "HEAD", headers });
      return [answer.status, answer.headers.get("content-type"), await answer.text()];
    };
    const type = "application/json; charset=utf-8";
    expect(await head("/v1/agents", { Authorization: `Bearer ${token}` })).toEqual([200, type, ""]);
    expect(await head("/v1/agents")).toEqual([401, type, ""]);
    expect(await head("/health")).toEqual([200, type, ""]);
  });

  test("every response declares UTF-8", async () => {
    for (const path of ["/health", "/v1/agents", "/v1/agents/nobody", "/v1/nothing", "/nothing"]) {
      expect((await call("GET", path)).headers.get("content-type")).toBe("application/json; charset=utf-8");
    }
  });

  test("a user id is at most 255 bytes of plain text", async () => {
    expect((await call("GET", "/v1/agents", undefined, { user: "x".repeat(255) })).status).toBe(200);
    expect((await call("GET", "/v1/agents", undefined, { user: "x".repeat(256) })).status).toBe(400);
    const zeroWidth = Buffer.from("a\u200bb").toString("latin1");
    for (const user of ["a\u0001b", "a\u007fb", "a\tb", zeroWidth, "\u00e9".repeat(200)]) {
      const answer = await raw([bearer, `X-GoClaw-User-Id: ${user}`]);
      expect([statusIn(answer), user]).toEqual([400, user]);
    }
  });

  test("an unknown or malformed tenant is not found and never means the master tenant", async () => {
    for (const tenant of [
      "nobody",
      "Not A Slug",
      "' OR 1=1--",
      "$1",
      "0193a5b0-7000-7000-8000-00000000000z",
      "x/../y",
    ]) {
      const headers = { "X-GoClaw-Tenant-Id": tenant };
      expect([(await call("GET", "/v1/agents", undefined, { headers })).status, tenant]).toEqual([404, tenant]);
    }
    for (const tenant of ["acme", "ACME", acme]) {
      const headers = { "X-GoClaw-Tenant-Id": tenant };
      expect((await call("GET", "/v1/agents", undefined, { headers })).status).toBe(200);
    }
  });

  test("a key of a tenant stays in it and ignores the tenant header", async () => {
    const { bearer: key } = await aKey(gateway, ["write"], { tenant: "acme" });
    const headers = { "X-GoClaw-Tenant-Id": "master" };
    const agent = { agent_key: "of-acme", provider: "p", model: "m" };
    const { status, body } = await call("POST", "/v1/agents", agent, { bearer: key, headers });
    expect([status, body.tenant_id]).toEqual([201, acme]);
    const unknown = { "X-GoClaw-Tenant-Id": "nobody" };
    expect((await call("GET", "/v1/agents", undefined, { bearer: key, headers: unknown })).status).toBe(200);
  });

  test("a key expires at the exact millisecond", async () => {
    const { bearer: key } = await aKey(gateway, ["read"], { expires_in: 60 });
    const at = now.getTime();
    const statusAt = async (milliseconds: number) => {
      now = new Date(at + milliseconds);
      return (await call("GET", "/v1/agents", undefined, { bearer: key })).status;
    };
    expect(await statusAt(59_999)).toBe(200);
    expect(await statusAt(60_000)).toBe(401);
  });

  test("a revoked key is refused by the next request", async () => {
    const { id, bearer: key } = await aKey(gateway, ["read"]);
    expect((await call("GET", "/v1/agents", undefined, { bearer: key })).status).toBe(200);
    expect((await call("POST", `/v1/api-keys/${id}/revoke`, {}, OWNER)).status).toBe(200);
    expect((await call("GET", "/v1/agents", undefined, { bearer: key })).status).toBe(401);
  });

  const refusalIn = async (language: string): Promise<string> => {
    const headers = { "Accept-Language": language };
    return (await call("GET", "/v1/agents", undefined, { bearer: null, headers })).body.error.message;
  };

  test.each([
    ["fr, vi;q=0.3, zh;q=0.8", "zh"],
    ["vi, zh", "vi"],
    ["zh;q=0.5, en;q=0.5", "zh"],
    ["vi;q=0, zh;q=0.1", "zh"],
    ["vi-VN,vi;q=0.9", "vi"],
    ["ZH-Hant-TW", "zh"],
    ["fr", "en"],
    ["*", "en"],
    ["", "en"],
    [";;q=,,=", "en"],
    ["vi;vi;vi;", "vi"],
  ] as const)("Accept-Language %p is read as %s", async (language, locale) => {
    expect(await refusalIn(language)).toBe(catalogs[locale]["error.unauthorized"]);
  });

  test("a long Accept-Language is read as well", async () => {
    expect(await refusalIn("vi;".repeat(1_000))).toBe(catalogs.vi["error.unauthorized"]);
  });

  test("a request with a too long URL, a NUL or too many headers is refused", async () => {
    expect((await call("GET", `/v1/agents?x=${"y".repeat(8_192)}`)).body.error.code).toBe("INVALID_REQUEST");
    expect((await call("GET", "/v1/agents/%00")).body.error.code).toBe("NOT_FOUND");
    expect((await call("GET", "/v1/runs?agent_id=%00")).body.error.code).toBe("INVALID_REQUEST");
    const many = Array.from({ length: 120 }, (_, index) => `X-Header-${index}: 1`);
    expect([400, 431]).toContain(statusIn(await raw([bearer, ...many])));
  });
});

describe("a gateway without authentication", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_GATEWAY_AUTH: "none" } });
  const { call, url } = gateway;
  afterAll(() => gateway.stop());
  const agent = (agent_key: string) => ({ agent_key, provider: "p", model: "m" });
  const statusFor = async (host: string) =>
    statusIn(await rawRequest(url, `GET /v1/agents HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));

  test("admits every caller as the system user, even if it names another user", async () => {
    const { status, body } = await call("POST", "/v1/agents", agent("one"), { bearer: null, user: "eve" });
    expect([status, body.owner_id]).toEqual([201, "system"]);
  });

  test("still refuses a token that is wrong", async () => {
    expect((await call("GET", "/v1/agents", undefined, { bearer: "wrong" })).status).toBe(401);
  });

  test("ignores the tenant header", async () => {
    const headers = { "X-GoClaw-Tenant-Id": "nobody" };
    expect((await call("GET", "/v1/agents", undefined, { bearer: null, headers })).status).toBe(200);
  });

  test("accepts only host names of this machine", async () => {
    for (const host of ["localhost", "127.0.0.1", "localhost:18790", "[::1]:80", "LOCALHOST"]) {
      expect([await statusFor(host), host]).toEqual([200, host]);
    }
    for (const host of [
      "evil.test",
      "localhost.evil.test",
      "127.0.0.1.evil.test",
      "evil.test:80",
      "10.0.0.1",
      "a@localhost",
    ]) {
      expect([await statusFor(host), host]).toEqual([421, host]);
    }
  });

  test("requires a JSON content type, which a form of another site cannot send", async () => {
    const create = (type: string) =>
      call("POST", "/v1/agents", agent("two"), { bearer: null, headers: { "Content-Type": type } });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]) {
      expect([(await create(type)).status, type]).toEqual([415, type]);
    }
    expect((await create("application/json; charset=utf-8")).status).toBe(201);
  });
});
