import { afterAll, describe, expect, test } from "bun:test";
import { rawRequest } from "#testing/raw-request.ts";
import { startTestGateway } from "#testing/test-gateway.ts";
import { toHeaderText } from "#transport/http/header-text.ts";

const NAMES = ["nguyễn văn an", "José", "王小明", "🦊 fox", "50%", "100% sure", "a%20b", "ada@example.com"];

describe("names of users in headers", async () => {
  const gateway = await startTestGateway();
  const { call, url, token } = gateway;
  afterAll(() => gateway.stop());
  const messages = [{ role: "user", content: "hello" }];

  test.each(NAMES)("a chat for %s names its session, and the name sent back continues it", async (user) => {
    const answer = await call("POST", "/v1/chat/completions", { model: "goclaw:default", messages, user });
    expect(answer.status).toBe(200);
    const header = answer.headers.get("x-goclaw-session-key") ?? "";
    expect(header).toMatch(/^[\x21-\x7e]+$/);
    const key = decodeURIComponent(header);
    expect(key).toStartWith(`agent:default:http-${user}-`);
    const again = await call(
      "POST",
      "/v1/chat/completions",
      { model: "goclaw:default", messages: [...messages, { role: "assistant", content: "hi" }, ...messages], user },
      { headers: { "X-GoClaw-Session-Key": header } },
    );
    expect([again.status, again.headers.get("x-goclaw-session-key")]).toEqual([200, header]);
  });

  test.each(NAMES)("%s is the same user in UTF-8 and percent-encoded", async (user) => {
    await call("POST", "/v1/agents/default/wake", { message: "hello" }, { user: toHeaderText(user) });
    const bytes = Buffer.from(
      `GET /v1/sessions HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer ${token}\r\n` +
        `X-GoClaw-User-Id: ${user.includes("%20") ? toHeaderText(user) : user}\r\nConnection: close\r\n\r\n`,
    );
    expect(await rawRequest(url, bytes)).toContain(`"userID":${JSON.stringify(user)}`);
  });

  test("bytes that are not UTF-8 are read as they are", async () => {
    const head = `GET /v1/agents HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer ${token}\r\n`;
    const bytes = Buffer.from(`${head}X-GoClaw-User-Id: Jos\xe9\r\nConnection: close\r\n\r\n`, "latin1");
    expect(await rawRequest(url, bytes)).toStartWith("HTTP/1.1 200");
  });

  test("half a character does not break a header", () => {
    expect(toHeaderText("a\ud83d")).toBe("a%EF%BF%BD");
  });
});
