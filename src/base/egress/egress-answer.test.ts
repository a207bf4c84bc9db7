import { expect, test } from "bun:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { anEgress, aServer, kindOf } from "#testing/egress-fixture.ts";

const get = { method: "GET", headers: {}, body: undefined, redirect: undefined, signal: undefined } as const;

/** Sends a request to the path that the server answers. */
async function sendTo(handler: Parameters<typeof aServer>[0], method = "GET") {
  const server = await aServer(handler);
  const { send } = anEgress([`127.0.0.1:${server.port}`]);
  return send(server.url, { ...get, method } as unknown as Parameters<typeof send>[1]);
}

test.each([
  [200, true],
  [299, true],
  [300, false],
  [400, false],
])("an answer with status %i is good: %p", async (status, isOk) => {
  const answer = await sendTo((_, response) => response.writeHead(status, "Odd").end());
  answer.body?.cancel();
  expect([answer.status, answer.isOk, answer.statusText]).toEqual([status, isOk, "Odd"]);
});

test("all headers arrive as they were sent, also repeated ones", async () => {
  const answer = await sendTo((_, response) => {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("content-length", 2);
    response.setHeader("x-last", "z");
    response.end("no");
  });
  answer.body?.cancel();
  expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect([answer.headers.get("content-length"), answer.headers.get("x-last")]).toEqual(["2", "z"]);
});

test("an answer to HEAD has no body", async () => {
  expect((await sendTo((_, response) => response.end(), "HEAD")).body).toBeUndefined();
});

test.each([
  ["gzip", gzipSync],
  ["X-Gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ["identity", (text: string) => Buffer.from(text)],
])("a body encoded with %s is decoded, and its headers are those of the decoded one", async (encoding, encode) => {
  const bytes = encode("packed");
  const answer = await sendTo((_, response) => {
    response.writeHead(200, { "content-encoding": encoding, "content-length": bytes.byteLength }).end(bytes);
  });
  const pieces = answer.body ? await Array.fromAsync(answer.body) : [];
  expect(Buffer.concat(pieces).toString()).toBe("packed");
  expect([answer.headers.get("content-encoding"), answer.headers.get("content-length")]).toEqual([null, null]);
});

test("an answer that breaks off is an error of the network", async () => {
  const answer = await sendTo((request, response) => {
    response.writeHead(200, { "content-length": 9 }).write("x", () => request.socket.destroy());
  });
  const reading = answer.body ? Array.fromAsync(answer.body) : Promise.resolve();
  expect(await kindOf(reading)).toBe("network");
});
