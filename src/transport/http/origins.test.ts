import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { loadConfig } from "#app/config/load-config.ts";
import { StartError } from "#app/start-error.ts";
import { catalogs } from "#base/i18n/translate.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { rawRequest } from "#testing/raw-request.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const PAGE = "https://app.example";
const FOREIGN = [
  "http://evil.example",
  "null",
  "http://app.example",
  "https://app.example.evil.test",
  "https://sub.app.example",
  "https://app.example:8443",
  "https://evil@app.example",
  "",
];
const messages = [{ role: "user" as const, content: "hello" }];

describe("pages of other origins", async () => {
  const gateway = await startChatGateway({
    env: { GOCLAW_GATEWAY_ALLOWED_ORIGINS: `${PAGE},tauri://localhost` },
    wires: ["openai"],
  });
  const { call, url, model, token } = gateway;
  afterAll(() => gateway.stop());
  const preflight = (path: string, origin: string, requested = "authorization,content-type,x-stainless-os") =>
    call("OPTIONS", path, undefined, {
      bearer: null,
      user: null,
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": requested,
      },
    });
  const post = (origin: string, name: string) =>
    call("POST", "/v1/api-keys", { name, scopes: ["read"] }, { headers: { Origin: origin } });

  test.each(FOREIGN)("%p is refused before its request is processed", async (origin) => {
    const answer = await call("POST", "/v1/api-keys", "{", {
      bearer: "wrong",
      headers: { Origin: origin, "Accept-Language": "vi" },
    });
    expect([answer.status, answer.body.error.code]).toEqual([403, "UNAUTHORIZED"]);
    expect(answer.body.error.details).toEqual({ reason: "origin_not_allowed" });
    expect(answer.body.error.message).toBe(catalogs.vi["error.origin_not_allowed"].replace("{origin}", () => origin));
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(await preflight("/v1/agents", origin)).toMatchObject({ status: 403 });
    expect((await call("GET", "/v1/agents", undefined, { headers: { Origin: origin } })).status).toBe(403);
    expect((await call("GET", "/v1/nothing", undefined, { headers: { Origin: origin } })).status).toBe(403);
  });

  test("a refused request has no effect", async () => {
    await post("http://evil.example", "pwn");
    const keys: { name: string }[] = (await call("GET", "/v1/api-keys")).body;
    expect(keys.map(({ name }) => name)).not.toContain("pwn");
  });

  test("the gateway's own pages may call it, also behind a proxy that terminates TLS", async () => {
    const { host } = new URL(url);
    const answer = await post(url, "own");
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([201, null]);
    expect((await post(`https://${host}`, "behind a proxy")).status).toBe(201);
    const statusFor = async (origin: string, name: string) => {
      const lines = [`Host: ${name}`, `Origin: ${origin}`, `Authorization: Bearer ${token}`, "Connection: close"];
      const text = await rawRequest(url, `GET /v1/agents HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      return Number(text.slice(9, 12));
    };
    expect(await statusFor("https://gw.example", "gw.example:443")).toBe(200);
    expect(await statusFor("http://gw.example", "GW.example")).toBe(200);
    expect(await statusFor("https://gw.example", "gw.example:80")).toBe(403);
    expect(await statusFor("https://gw.example:8443", "gw.example")).toBe(403);
  });

  test("an allowed page may read every response, errors included, and credentials are never allowed", async () => {
    const answers = [
      await post(PAGE, "of a page"),
      await post("tauri://localhost", "of an app"),
      await call("GET", "/v1/agents/nobody", undefined, { headers: { Origin: PAGE } }),
      await call("GET", "/v1/nothing", undefined, { headers: { Origin: PAGE } }),
      await call("PATCH", "/v1/agents", {}, { headers: { Origin: PAGE } }),
      await call("GET", "/v1/agents", undefined, { bearer: "wrong", headers: { Origin: PAGE } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 404, 404, 405, 401]);
    for (const [index, { headers }] of answers.entries()) {
      expect(headers.get("access-control-allow-origin")).toBe(index === 1 ? "tauri://localhost" : PAGE);
      expect(headers.get("vary")).toBe("Origin");
      expect(headers.get("access-control-expose-headers")).toContain("X-Request-Id");
      expect(headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test.each(["/v1/chat/completions", "/v1/agents", "/v1/agents/x/runs", "/health", "/v1/nothing"])(
    "a preflight for %s lists what a page may send, without a token",
    async (path) => {
      const requested = "authorization,content-type,x-goclaw-user-id,idempotency-key,last-event-id,x-stainless-os";
      const { status, headers, text } = await preflight(path, PAGE, requested);
      expect([status, text]).toEqual([204, ""]);
      expect(headers.get("access-control-allow-origin")).toBe(PAGE);
      expect(headers.get("access-control-allow-headers")).toBe(requested);
      const methods = headers.get("access-control-allow-methods")?.split(", ").sort();
      expect(methods).toEqual(["DELETE", "GET", "PATCH", "POST", "PUT"]);
      expect(headers.get("access-control-max-age")).toBe("600");
      expect(headers.get("vary")).toBe("Origin");
    },
  );

  test("a preflight allows only headers that the gateway or a client of OpenAI needs", async () => {
    const requested = "Authorization, Cookie,X-Forwarded-For,X-GoClaw-Tenant-Id,x-evil, x-stainless-lang,x-stainless-";
    const { headers } = await preflight("/v1/agents", PAGE, requested);
    expect(headers.get("access-control-allow-headers")).toBe("authorization,x-goclaw-tenant-id,x-stainless-lang");
    expect((await preflight("/v1/agents", PAGE, "x-evil")).headers.get("access-control-allow-headers")).toBeNull();
  });

  test("OPTIONS without preflight headers is refused like any other method", async () => {
    expect((await call("OPTIONS", "/v1/agents")).status).toBe(405);
    expect((await call("OPTIONS", "/v1/agents", undefined, { headers: { Origin: PAGE } })).status).toBe(405);
  });

  test("the official client streams in an allowed page", async () => {
    const exposed: (string | null)[] = [];
    const client = new OpenAI({
      apiKey: token,
      baseURL: `${url}/v1`,
      dangerouslyAllowBrowser: true,
      maxRetries: 0,
      defaultHeaders: { Origin: PAGE },
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        exposed.push(answer.headers.get("access-control-allow-origin"), answer.headers.get("content-type"));
        for (const name of ["X-GoClaw-Session-Key", "X-GoClaw-Run-Id", "X-GoClaw-Model"]) {
          expect(answer.headers.has(name)).toBe(true);
          expect(answer.headers.get("access-control-expose-headers")).toContain(name);
        }
        return answer;
      },
    });
    model.enqueue({ text: ["Good ", "morning"] });
    const chunks = await Array.fromAsync(
      await client.chat.completions.create({ model: "goclaw:openai", messages, stream: true }),
    );
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("Good morning");
    expect(exposed).toEqual([PAGE, "text/event-stream; charset=utf-8"]);
  });

  test("public operations may be read from every origin", async () => {
    const headers = { Origin: "http://evil.example" };
    const document = await call("GET", "/docs/openapi.json", undefined, { bearer: null, headers });
    expect([document.status, document.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect((await call("GET", "/health", undefined, { bearer: null, headers })).status).toBe(200);
  });

  test("requests without an origin get no CORS headers, and every answer differs by origin", async () => {
    const { status, headers } = await call("GET", "/v1/agents");
    expect([status, headers.get("access-control-expose-headers")]).toEqual([200, null]);
    const answers = [
      await call("GET", "/health", undefined, { bearer: null }),
      await call("GET", "/docs/openapi.json", undefined, { bearer: null }),
      await call("GET", "/v1/agents", undefined, { bearer: null }),
      await call("GET", "/v1/nothing"),
      await call("GET", "/v1/agents", undefined, { headers: { Origin: "http://evil.example" } }),
      await preflight("/v1/agents", "http://evil.example"),
    ];
    for (const answer of answers) expect(answer.headers.get("vary")).toBe("Origin");
  });
});

test("every page may call if every origin is allowed", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_GATEWAY_ALLOWED_ORIGINS: "*" } });
  const { status, headers } = await gateway.call("GET", "/v1/agents", undefined, { headers: { Origin: "null" } });
  await gateway.stop();
  expect([status, headers.get("access-control-allow-origin"), headers.get("vary")]).toEqual([200, "null", "Origin"]);
});

test("without authentication a page of another origin cannot call through its reader's browser", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_GATEWAY_AUTH: "none" } });
  const create = (origin: string) =>
    rawRequest(
      gateway.url,
      [
        "POST /v1/api-keys HTTP/1.1",
        `Host: ${new URL(gateway.url).host}`,
        `Origin: ${origin}`,
        "Content-Length: 34",
        "Connection: close",
        "",
        '{"name":"pwn","scopes":["admin"]} ',
      ].join("\r\n"),
    );
  const [foreign, own] = [await create("http://evil.example"), await create(gateway.url)];
  await gateway.stop();
  expect(foreign).toStartWith("HTTP/1.1 403");
  expect(own).toStartWith("HTTP/1.1 201");
});

describe("gateway.allowed_origins", () => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-origins-"));
  afterAll(() => rmSync(home, { recursive: true }));
  const load = (origins: string, extra: Readonly<Record<string, string>> = {}) =>
    loadConfig({ home, env: { GOCLAW_GATEWAY_ALLOWED_ORIGINS: origins, ...extra } }).config.gateway.allowed_origins;

  test("accepts origins as browsers send them", () => {
    for (const origin of [PAGE, "http://localhost:5173", "http://[::1]:81", "chrome-extension://abcdef", "*"]) {
      expect(load(origin)).toEqual([origin]);
    }
  });

  test.each([
    `${PAGE}/`,
    `${PAGE}/app`,
    `${PAGE}?x`,
    `${PAGE}:443`,
    "https://App.example",
    "https://me@app.example",
    "app.example",
    "null",
    "https://",
    "file://",
    "https://*.example.com",
    "wss://app.example",
  ])("refuses %s at the start", (origin) => {
    expect(() => load(`http://a.example,${origin}`)).toThrow(StartError);
    expect(() => load(origin)).toThrow(/GOCLAW_GATEWAY_ALLOWED_ORIGINS.* must be an origin such as/);
  });

  test("cannot be * without authentication", () => {
    expect(() => load("*", { GOCLAW_GATEWAY_AUTH: "none" })).toThrow(/may be "\*" only while/);
  });
});
