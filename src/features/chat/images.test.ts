import { afterAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { refusalOf, startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Starts a server that serves one picture and counts its requests. */
function aPictureServer() {
  const state = { hits: 0 };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      state.hits++;
      const { pathname, port } = new URL(request.url);
      if (pathname === "/page") return new Response("<html>", { headers: { "Content-Type": "image/png" } });
      if (pathname === "/away") return Response.redirect(`http://127.0.0.1:${Number(port) + 1}/picture`);
      return new Response(Buffer.from(PNG, "base64"), { headers: { "Content-Type": "application/octet-stream" } });
    },
  });
  return { port: server.port ?? 0, url: `http://127.0.0.1:${server.port}`, state, stop: () => server.stop(true) };
}

describe.each([...testDialects()])("images in a conversation on %s", async (dialect) => {
  const [allowed, canary] = [aPictureServer(), aPictureServer()];
  const gateway = await startChatGateway({ dialect, allowHosts: [`127.0.0.1:${allowed.port}`] });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all([allowed.stop(), canary.stop()]);
  });
  const client = gateway.client();
  const look = (url: string, wire = "openai") =>
    client.chat.completions.create({
      model: `goclaw:${wire}`,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "look" },
            { type: "image_url", image_url: { url } },
          ],
        },
      ],
    });
  const refusal = async (url: string) => {
    const before = gateway.model.requests.length;
    const error = await refusalOf(look(url));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(gateway.model.requests.length).toBe(before);
    return error;
  };

  test.each([...WIRES])("a model of the $wire format receives the bytes of a data: URL", async ({ wire }) => {
    expect((await look(`data:image/png;base64,${PNG}`, wire)).choices[0]?.message.content).toBe("echo: look");
    expect(JSON.stringify(gateway.lastBody())).toContain(PNG);
    expect(JSON.stringify(gateway.lastBody())).toContain("image/png");
  });

  test.each([...WIRES])("the gateway itself fetches a URL for a model of the $wire format", async ({ wire }) => {
    const before = allowed.state.hits;
    await look(`${allowed.url}/picture`, wire);
    expect(allowed.state.hits).toBe(before + 1);
    expect(JSON.stringify(gateway.lastBody())).toContain(PNG);
    expect(JSON.stringify(gateway.lastBody())).not.toContain(allowed.url);
  });

  test("a private address is refused with the same message for every server, and never reached", async () => {
    const closed = aPictureServer();
    await closed.stop();
    const urls = [`${canary.url}/picture`, `${closed.url}/picture`, `http://localhost:${canary.port}/picture`];
    const errors = await Promise.all(urls.map(refusal));
    expect(errors.map(({ param }) => param)).toEqual(urls.map(() => "messages.0.content.1.image_url.url"));
    expect(new Set(errors.map(({ message }) => message)).size).toBe(1);
    expect(canary.state.hits).toBe(0);
  });

  test.each([
    "http://[::1]:PORT/",
    "http://0.0.0.0:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://2130706433:PORT/",
    "http://127.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://user@127.0.0.1:PORT/",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/a.png",
    "gopher://127.0.0.1:PORT/",
    "blob:http://127.0.0.1:PORT/1",
    "//127.0.0.1:PORT/",
    "picture.png",
    "",
  ])("%p is refused", async (url) => {
    const error = await refusal(url.replace("PORT", String(canary.port)));
    expect(error.param).toBe("messages.0.content.1.image_url.url");
    expect(canary.state.hits).toBe(0);
  });

  test("a redirect from an allowed address to another private one is not followed", async () => {
    const error = await refusal(`${allowed.url}/away`);
    expect(error.param).toBe("messages.0.content.1.image_url.url");
  });

  test("content that is no picture is refused, whatever media type it declares", async () => {
    for (const url of [
      `${allowed.url}/page`,
      "data:image/png;base64,PGh0bWw+",
      "data:image/png,x",
      "data:,",
      "data:",
    ]) {
      expect([(await refusal(url)).param, url]).toEqual(["messages.0.content.1.image_url.url", url]);
    }
  });

  test("a part of an unknown type is refused by its name", async () => {
    const content = [{ type: "input_video", input_video: { data: "" } }];
    const body = { model: "goclaw:openai", messages: [{ role: "user", content }] };
    const { status, body: answer } = await gateway.call("POST", "/v1/chat/completions", body);
    expect([status, answer.error.param]).toEqual([400, "messages.0.content.0.type"]);
    expect(answer.error.message).toContain("input_video");
  });
});
