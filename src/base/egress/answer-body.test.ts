import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { anEgress, aServer, failure, kindOf } from "#testing/egress-fixture.ts";

describe("limits", () => {
  test("a reader that pauses makes the server pause", async () => {
    const { promise: stuck, resolve } = Promise.withResolvers<void>();
    let produced = 0;
    const server = await aServer((_, response) => {
      const write = () => {
        while (produced < 100) {
          produced++;
          if (!response.write(Buffer.alloc(256 * 1024))) {
            resolve();
            return void response.once("drain", write);
          }
        }
        response.end();
      };
      write();
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    const response = await fetch(server.url);
    await stuck;
    expect(produced).toBeLessThan(100);
    expect((await response.arrayBuffer()).byteLength).toBe(100 * 256 * 1024);
  });

  test("an abort closes the connection, before and during the response", async () => {
    for (const hasHead of [false, true]) {
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
      const { promise: closed, resolve: close } = Promise.withResolvers<void>();
      const server = await aServer((request, response) => {
        request.socket.once("close", () => close());
        if (hasHead) response.write("begun");
        arrive();
      });
      const controller = new AbortController();
      const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
      const reading = fetch(server.url, { signal: controller.signal }).then((response) => response.text());
      await arrived;
      controller.abort();
      expect(await failure(reading)).toMatchObject({ kind: "aborted", name: "AbortError" });
      await closed;
    }
  });

  test("cancelling the body closes the connection", async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const server = await aServer((request, response) => {
      request.socket.once("close", () => close());
      response.write("begun");
    });
    const response = await anEgress([`127.0.0.1:${server.port}`]).fetch(server.url);
    await response.body?.cancel();
    await closed;
  });

  test.each(["announced", "chunked", "compressed"])("a response larger than the limit is refused: %s", async (kind) => {
    const server = await aServer((_, response) => {
      if (kind === "announced") response.setHeader("content-length", 5_000_000);
      if (kind === "compressed") response.setHeader("content-encoding", "gzip");
      response.end(kind === "compressed" ? gzipSync(Buffer.alloc(5_000_000)) : Buffer.alloc(5_000_000));
    });
    const client = anEgress([`127.0.0.1:${server.port}`], { limits: { maxBytes: 100_000 } });
    expect(await kindOf(client.fetch(server.url).then((response) => response.arrayBuffer()))).toBe("too_large");
  });

  test.each([
    ["an announced length", "announced"],
    ["pieces", "chunked"],
    ["compressed bytes", "gzip"],
  ])("a body of %s may be as long as its limit and no longer", async (_, kind) => {
    const server = await aServer(({ url }, response) => {
      const body = Buffer.alloc(Number(url?.slice(1)), "x");
      if (kind === "announced") response.setHeader("content-length", body.length);
      if (kind === "gzip") response.setHeader("content-encoding", "gzip");
      if (kind === "chunked") response.write(body.subarray(0, 400));
      response.end(kind === "gzip" ? gzipSync(body) : kind === "chunked" ? body.subarray(400) : body);
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`], { limits: { maxBytes: 1_000 } });
    expect(await (await fetch(`${server.url}/1000`)).text()).toBe("x".repeat(1_000));
    expect(await kindOf(fetch(`${server.url}/1001`).then((response) => response.text()))).toBe("too_large");
  });

  test("a compressed response is decompressed, and an unknown encoding is refused", async () => {
    const server = await aServer((request, response) => {
      response.setHeader("content-encoding", request.url === "/gzip" ? "gzip" : "zstd-but-newer");
      response.end(gzipSync("packed"));
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect(await (await fetch(`${server.url}/gzip`)).text()).toBe("packed");
    expect(await kindOf(fetch(`${server.url}/other`))).toBe("network");
  });

  test("a silent server causes a timeout", async () => {
    const server = await aServer((request, response) => void (request.url === "/body" && response.write("begun")));
    const { fetch } = anEgress([`127.0.0.1:${server.port}`], { limits: { idleMs: 20 } });
    expect(await kindOf(fetch(server.url))).toBe("timeout");
    expect(await kindOf(fetch(`${server.url}/body`).then((response) => response.text()))).toBe("timeout");
    const total = anEgress([`127.0.0.1:${server.port}`], { limits: { totalMs: 20 } });
    expect(await kindOf(total.fetch(`${server.url}/body`).then((response) => response.text()))).toBe("timeout");
  });

  test("a truncated response fails", async () => {
    const server = await aServer((request, response) => {
      response.write("begun", () => setImmediate(() => request.socket.destroy()));
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect(await kindOf(fetch(server.url).then((response) => response.text()))).toBe("network");
  });

  test("an answer with a status that HTTP does not have fails, and one with the last that it has arrives", async () => {
    const server = await aServer(({ url, socket }) => {
      socket.end(`HTTP/1.1 ${url?.slice(1)} Odd\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno`);
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect((await fetch(`${server.url}/599`)).status).toBe(599);
    expect(await kindOf(fetch(`${server.url}/600`))).toBe("network");
    expect(await kindOf(fetch(`${server.url}/999`))).toBe("network");
  });

  test("a closed port at an allowed address is reported as a failed connection", async () => {
    expect(await kindOf(anEgress(["127.0.0.1:1"]).fetch("http://127.0.0.1:1/"))).toBe("connect");
  });
});
