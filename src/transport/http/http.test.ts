import { afterAll, describe, expect, test } from "bun:test";
import { rawRequest } from "#testing/raw-request.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe("the HTTP server", async () => {
  const gateway = await startTestGateway();
  afterAll(() => gateway.stop());

  test("health and ready answer without a token", async () => {
    const health = await gateway.call("GET", "/health", undefined, { bearer: null });
    expect(health.body).toEqual({ status: "ok", protocol: 3 });
    expect((await gateway.call("GET", "/ready", undefined, { bearer: null })).status).toBe(200);
  });

  test("a missing or wrong token gives 401 with the full envelope, in the caller's language", async () => {
    for (const bearer of [null, "wrong", `${gateway.token.slice(0, -1)}x`]) {
      const answer = await gateway.call("GET", "/metrics", undefined, {
        bearer,
        headers: { "Accept-Language": "zh-CN, en;q=0.5" },
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(answer.body.error).toMatchObject({ code: "UNAUTHORIZED", retryable: false, retryAfterMs: 0 });
      expect(answer.body.error.message).toContain("身份验证");
    }
  });

  test("an unknown route gives 404, a wrong method 405 with Allow", async () => {
    expect((await gateway.call("GET", "/v1/nothing")).body.error.code).toBe("NOT_FOUND");
    const wrong = await gateway.call("DELETE", "/health");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET"]);
  });

  test("two Authorization headers are refused, in either order", async () => {
    for (const order of [
      [gateway.token, "bad"],
      ["bad", gateway.token],
    ]) {
      const lines = order.map((token) => `Authorization: Bearer ${token}\r\n`).join("");
      const answer = await rawRequest(
        gateway.url,
        `GET /metrics HTTP/1.1\r\nHost: x\r\n${lines}Connection: close\r\n\r\n`,
      );
      expect(answer).toStartWith("HTTP/1.1 400");
    }
  });

  test("every response has a request id, the caller's own if it is safe", async () => {
    const own = await gateway.call("GET", "/health", undefined, { headers: { "X-Request-Id": "my-id.1" } });
    expect(own.headers.get("x-request-id")).toBe("my-id.1");
    const odd = await gateway.call("GET", "/health", undefined, { headers: { "X-Request-Id": "a b" } });
    expect(odd.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});
