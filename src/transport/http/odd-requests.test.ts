import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { rawRequest, statusIn } from "#testing/raw-request.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const IDENTITY = [
  ...["X-GoClaw-User-Id", "X-GoClaw-Tenant-Id", "X-GoClaw-Agent-Id", "X-GoClaw-Agent", "X-GoClaw-Session-Key"],
  ...["X-GoClaw-Sender-Id", "Idempotency-Key"],
];

describe("requests that no honest client sends", async () => {
  const gateway = await startTestGateway();
  const { call, url, token } = gateway;
  afterAll(() => gateway.stop());
  const bearer = `Authorization: Bearer ${token}`;
  const raw = (lines: readonly string[], start = "GET /v1/agents HTTP/1.1") =>
    rawRequest(url, `${[start, ...lines, "Connection: close"].join("\r\n")}\r\n\r\n`);
  const repeat = (count: number, line: string): readonly string[] => Array.from({ length: count }, () => line);

  test("wrong methods tell strangers nothing about a path that asks for a token", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      for (const path of ["/metrics", "/v1/agents/x/wake", "/v1/agents"]) {
        const { status } = await call(method, path, undefined, { bearer: null });
        expect([method, path, status]).toEqual([method, path, 401]);
      }
      expect((await call(method, "/metrics")).status).toBe(405);
      expect((await call(method, "/health", undefined, { bearer: null })).status).toBe(405);
    }
  });

  test.each(IDENTITY)("two headers %s are refused, whatever they say", async (name) => {
    for (const [first, second] of [
      ["ada", "bob"],
      ["ada", ""],
      ["", "ada"],
      ["ada", "ada"],
    ]) {
      const answer = await raw(["Host: a", bearer, `${name}: ${first}`, `${name.toLowerCase()}: ${second}`]);
      expect([first, second, statusIn(answer)]).toEqual([first, second, 400]);
      expect(answer).toContain(name.toLowerCase());
    }
  });

  test("a comma in a user's name is sent encoded", async () => {
    const create = (name: string) =>
      call(
        "POST",
        "/v1/agents",
        { agent_key: `a${name.length}`, provider: "p", model: "m" },
        { headers: { "X-GoClaw-User-Id": name } },
      );
    expect((await create("Doe%2C%20Jane")).body.owner_id).toBe("Doe, Jane");
    expect((await create("Doe, Jane")).status).toBe(400);
    expect((await create("a,b")).body.owner_id).toBe("a,b");
  });

  test.each(["a%00b", "a%20b", "a b", "[", "[::1", "a, b", "a/b", "a?b", "a#b", "u@a", "a:b", "a:99999999", "\\", "é"])(
    "the host %p is refused",
    async (host) => {
      for (const path of ["/health", "/v1/agents", "/v1/agents/%00"]) {
        expect(statusIn(await raw([`Host: ${host}`, bearer], `GET ${path} HTTP/1.1`))).toBe(400);
      }
    },
  );

  test.each(["a", "a.example:8080", "127.0.0.1", "[::1]:80", "my_host", "A.EXAMPLE."])(
    "the host %p is served",
    async (host) => {
      expect(statusIn(await raw([`Host: ${host}`, bearer]))).toBe(200);
    },
  );

  test("more than 100 headers are refused, also those of one name", async () => {
    for (const lines of [repeat(150, "X-Many: 1"), [...repeat(60, "X-A: 1"), ...repeat(60, "X-B: 1")]]) {
      const answer = await raw(["Host: a", bearer, ...lines]);
      expect([statusIn(answer), answer.includes("INVALID_REQUEST")]).toEqual([400, true]);
    }
    expect(statusIn(await raw(["Host: a", bearer, ...repeat(90, "X-Many: 1")]))).toBe(200);
  });

  test("fields of a body are never taken from the query, except those that are meant for it", async () => {
    const agent = { agent_key: "mine", provider: "p", model: "m" };
    const query = new URLSearchParams(agent).toString();
    expect((await call("POST", `/v1/agents?${query}`, {}, OWNER)).status).toBe(400);
    expect((await call("POST", "/v1/agents?tenant_id=0193a5b0-7000-7000-8000-0000000000ff", agent, OWNER)).status).toBe(
      201,
    );
    expect((await call("POST", "/v1/agents/mine/wake?message=hi", {}, OWNER)).body.error.message).toContain("message");
    expect((await call("PUT", "/v1/agents/mine?model=other", {}, OWNER)).status).toBe(200);
    expect((await call("GET", "/v1/agents/mine", undefined, OWNER)).body.model).toBe("m");
    expect((await call("POST", "/v1/api-keys?scopes=operator.admin&name=x", {}, OWNER)).status).toBe(400);
    const provider = { name: "p", provider_type: "demo" };
    expect((await call("POST", "/v1/providers", provider, OWNER)).status).toBe(201);
    expect((await call("POST", "/v1/providers?upsert=true&enabled=false", provider, OWNER)).body.enabled).toBe(true);
    expect((await call("GET", "/v1/agents/mine/sharing?x=1", undefined, OWNER)).status).toBe(200);
  });

  test.each([
    ["a length", "Content-Length: 1000", '{"agent_key":'],
    ["chunks", "Transfer-Encoding: chunked", '5\r\n{"a":\r\n'],
  ])("a body with %s that breaks off is a fault of the client", async (_, header, body) => {
    const refused = /http_requests_total\{[^}]*operation="agents.create"[^}]*status="400"[^}]*\} (\d+)/;
    const countRefused = async () => Number(refused.exec((await call("GET", "/metrics")).text)?.[1] ?? 0);
    const before = await countRefused();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const head = ["POST /v1/agents HTTP/1.1", "Host: a", bearer, "Content-Type: application/json", header];
    await new Promise((resolve) => socket.write(`${head.join("\r\n")}\r\n\r\n${body}`, resolve));
    await Bun.sleep(50);
    socket.destroy();
    while ((await countRefused()) === before) await Bun.sleep(20);
    expect((await call("GET", "/metrics")).text).not.toMatch(/http_requests_total\{[^}]*status="500"/);
  });
});
