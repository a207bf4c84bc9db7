import { describe, expect, test } from "bun:test";
import { anEgress, aServer, failure } from "#testing/egress-fixture.ts";

describe("downloads", () => {
  test("return bytes and media type", async () => {
    const server = await aServer((_, response) => response.setHeader("content-type", "Image/PNG; q=1").end("png"));
    const client = anEgress([`127.0.0.1:${server.port}`]);
    const file = await client.get(server.url, { maxBytes: 3, timeoutMs: 5_000, signal: new AbortController().signal });
    expect([Buffer.from(file.bytes).toString(), file.mediaType]).toEqual(["png", "image/png"]);
  });

  test("fail if too large, if too slow, and on an error status", async () => {
    const server = await aServer((request, response) => {
      if (request.url === "/404") response.writeHead(404).end();
      else if (request.url === "/slow") response.write("a");
      else response.end("four");
    });
    const client = anEgress([`127.0.0.1:${server.port}`]);
    const { signal } = new AbortController();
    const get = (path: string, timeoutMs = 5_000) =>
      failure(client.get(server.url + path, { maxBytes: 3, timeoutMs, signal }));
    expect((await get("/large")).kind).toBe("too_large");
    expect((await get("/slow", 20)).kind).toBe("timeout");
    expect(await get("/404")).toMatchObject({ kind: "network", status: 404 });
  });
});
