import { afterAll, describe, expect, test } from "bun:test";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createEgress, type EgressOptions } from "#base/egress/create-egress.ts";
import type { EgressError } from "#base/egress/egress-error.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

/** A server on loopback and how often it was reached. */
async function aServer(handler: Handler = (_, response) => response.end("reached")) {
  const requests: IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, requests, url: `http://127.0.0.1:${port}` };
}

function anEgress(allowHosts: readonly string[], options: EgressOptions = {}) {
  const egress = createEgress({ allowHosts: new Set(allowHosts), allowPrivateProviderUrls: false }, options);
  closers.push(() => egress.close());
  return egress.for("web");
}

const failure = (promise: Promise<unknown>): Promise<EgressError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error) => error,
  );
const kindOf = async (promise: Promise<unknown>) => (await failure(promise)).kind;

async function readBody(request: IncomingMessage) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

describe("addresses", () => {
  test("a name with one private address among its addresses is refused", async () => {
    const canary = await aServer();
    const { fetch } = anEgress([], { resolve: async () => ["1.1.1.1", "127.0.0.1"] });
    expect(await kindOf(fetch(`http://mixed.test:${canary.port}/`))).toBe("blocked_address");
    expect(canary.requests).toHaveLength(0);
  });

  test("a name that turns private between check and dial never reaches the private address", async () => {
    const canary = await aServer();
    let calls = 0;
    const client = anEgress([], { resolve: async () => [calls++ % 2 === 0 ? "1.1.1.1" : "127.0.0.1"] });
    for (let round = 0; round < 200; round++) {
      await client.check(`http://rebind.test:${canary.port}/`);
      expect(await kindOf(client.fetch(`http://rebind.test:${canary.port}/`))).toBe("blocked_address");
    }
    expect(canary.requests).toHaveLength(0);
  });

  test("open and closed private ports are refused with the same words", async () => {
    const canary = await aServer();
    const { fetch } = anEgress([], { resolve: async () => ["127.0.0.1"] });
    const urls = [canary.url, "http://127.0.0.1:1/", `http://name.test:${canary.port}/`, "http://name.test:1/"];
    const errors = await Promise.all(urls.map((url) => failure(fetch(url))));
    expect(new Set(errors.map(({ message, kind }) => `${kind} ${message}`)).size).toBe(1);
    expect(canary.requests).toHaveLength(0);
  });

  test("a listed host and port is reached through its checked address", async () => {
    const server = await aServer((request, response) => response.end(request.headers.host));
    const { fetch } = anEgress([`listed.test:${server.port}`], { resolve: async () => ["127.0.0.1"] });
    const response = await fetch(`http://listed.test:${server.port}/`);
    expect(await response.text()).toBe(`listed.test:${server.port}`);
  });

  test("a connection kept for providers is not lent to others", async () => {
    const server = await aServer();
    const policy = { allowHosts: new Set<string>(), allowPrivateProviderUrls: true };
    const egress = createEgress(policy, { resolve: async () => ["127.0.0.1"] });
    closers.push(() => egress.close());
    const url = `http://llm.test:${server.port}/`;
    expect(await (await egress.for("provider").fetch(url)).text()).toBe("reached");
    expect(await kindOf(egress.for("web").fetch(url))).toBe("blocked_address");
  });

  test("a name that does not resolve is told from a refused one", async () => {
    const { fetch, check } = anEgress([], { resolve: () => Promise.reject(new Error("ENOTFOUND")) });
    expect(await kindOf(fetch("http://nowhere.test/"))).toBe("dns");
    expect(await kindOf(check("http://nowhere.test/"))).toBe("dns");
  });
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("a %p to a private address is not followed", async (status) => {
    const canary = await aServer();
    const hop = await aServer((_, response) => response.writeHead(status, { location: canary.url }).end());
    const { fetch } = anEgress([`127.0.0.1:${hop.port}`]);
    expect(await kindOf(fetch(hop.url))).toBe("blocked_address");
    expect(canary.requests).toHaveLength(0);
  });

  test.each(["file:///etc/passwd", "http://169.254.169.254/", "http://user:pass@example.com/"])(
    "a redirect to %p is not followed",
    async (location) => {
      const hop = await aServer((_, response) => response.writeHead(302, { location }).end());
      expect(await kindOf(anEgress([`127.0.0.1:${hop.port}`]).fetch(hop.url))).toStartWith("blocked_");
    },
  );

  test("a refresh header is no redirect", async () => {
    const canary = await aServer();
    const page = await aServer((_, response) =>
      response.writeHead(200, { refresh: `0;url=${canary.url}` }).end("page"),
    );
    const { fetch } = anEgress([`127.0.0.1:${page.port}`]);
    expect(await (await fetch(page.url)).text()).toBe("page");
    expect(canary.requests).toHaveLength(0);
  });

  test("five redirects are followed and the sixth is not", async () => {
    const server = await aServer((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) return response.end("arrived");
      return response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    const response = await fetch(`${server.url}/5`);
    expect([await response.text(), response.url, response.redirected]).toEqual(["arrived", `${server.url}/0`, true]);
    expect(await kindOf(fetch(`${server.url}/6`))).toBe("redirect");
  });

  test("another origin gets neither credentials nor custom headers nor a body", async () => {
    const other = await aServer();
    const first = await aServer((request, response) =>
      response.writeHead(Number(request.url?.slice(1)), { location: other.url }).end(),
    );
    const { fetch } = anEgress([`127.0.0.1:${first.port}`, `127.0.0.1:${other.port}`]);
    const init = {
      method: "POST",
      body: "secret",
      headers: { authorization: "Bearer secret", cookie: "a=secret", "x-api-key": "secret", accept: "text/plain" },
    };
    await (await fetch(`${first.url}/302`, init)).text();
    expect(await kindOf(fetch(`${first.url}/307`, init))).toBe("redirect");
    expect(other.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(other.requests[0]?.headers.accept).toBe("text/plain");
    expect(JSON.stringify(other.requests[0]?.headers)).not.toContain("secret");
  });

  test("a 307 within one origin repeats the body", async () => {
    const server = await aServer(async (request, response) => {
      if (request.url === "/") return void response.writeHead(307, { location: "/there" }).end();
      response.end(await readBody(request));
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect(await (await fetch(server.url, { method: "POST", body: "again" })).text()).toBe("again");
  });

  test("the caller may look at a redirect instead, or forbid it", async () => {
    const server = await aServer((_, response) => response.writeHead(302, { location: "/x" }).end());
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect((await fetch(server.url, { redirect: "manual" })).headers.get("location")).toBe("/x");
    expect(await kindOf(fetch(server.url, { redirect: "error" }))).toBe("redirect");
  });
});

describe("requests", () => {
  test("bodies of every kind arrive", async () => {
    const server = await aServer(async (request, response) => response.end(await readBody(request)));
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from("str"));
        controller.enqueue(Buffer.from("eam"));
        controller.close();
      },
    });
    const bodies = ["text", Buffer.from("bytes"), new URLSearchParams({ a: "1" }), stream];
    const sent = bodies.map(async (body) => (await fetch(server.url, { method: "POST", body })).text());
    const request = new Request(server.url, { method: "POST", body: "request" });
    expect<string[]>(await Promise.all([...sent, fetch(request).then((response) => response.text())])).toEqual([
      "text",
      "bytes",
      "a=1",
      "stream",
      "request",
    ]);
  });

  test("headers of framing and routing are ours, and plain answers are asked for", async () => {
    const server = await aServer((request, response) => response.end(JSON.stringify(request.headers)));
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    const headers = { host: "other.test", "transfer-encoding": "chunked", "accept-encoding": "gzip", "x-mine": "kept" };
    const seen = await (await fetch(server.url, { headers })).json();
    expect(seen).toMatchObject({ host: `127.0.0.1:${server.port}`, "accept-encoding": "identity", "x-mine": "kept" });
    expect(seen).not.toHaveProperty("transfer-encoding");
  });

  test("the proxies of the environment are not used", async () => {
    const proxy = await aServer();
    const server = await aServer();
    const before = process.env.HTTP_PROXY;
    process.env.HTTP_PROXY = proxy.url;
    try {
      expect(await (await anEgress([`127.0.0.1:${server.port}`]).fetch(server.url)).text()).toBe("reached");
    } finally {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    }
    expect([proxy.requests.length, server.requests.length]).toEqual([0, 1]);
  });

  test("a kept connection that the server closed does not fail the next request", async () => {
    const server = await aServer((request, response) => {
      response.end("reached");
      response.once("finish", () => setImmediate(() => request.socket.destroy()));
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    for (let round = 0; round < 20; round++) expect(await (await fetch(server.url)).text()).toBe("reached");
  });
});

describe("limits", () => {
  test("a reader that stops reading stops the server", async () => {
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

  test("an abort closes the connection, before and during the answer", async () => {
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

  test.each(["announced", "chunked", "compressed"])("an answer past the cap is refused, %s", async (kind) => {
    const server = await aServer((_, response) => {
      if (kind === "announced") response.setHeader("content-length", 5_000_000);
      if (kind === "compressed") response.setHeader("content-encoding", "gzip");
      response.end(kind === "compressed" ? gzipSync(Buffer.alloc(5_000_000)) : Buffer.alloc(5_000_000));
    });
    const client = anEgress([`127.0.0.1:${server.port}`], { limits: { maxBytes: 100_000 } });
    expect(await kindOf(client.fetch(server.url).then((response) => response.arrayBuffer()))).toBe("too_large");
  });

  test("a compressed answer is unpacked, an unknown encoding refused", async () => {
    const server = await aServer((request, response) => {
      response.setHeader("content-encoding", request.url === "/gzip" ? "gzip" : "zstd-but-newer");
      response.end(gzipSync("packed"));
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect(await (await fetch(`${server.url}/gzip`)).text()).toBe("packed");
    expect(await kindOf(fetch(`${server.url}/other`))).toBe("network");
  });

  test("a server that says nothing is given up", async () => {
    const server = await aServer((request, response) => void (request.url === "/body" && response.write("begun")));
    const { fetch } = anEgress([`127.0.0.1:${server.port}`], { limits: { idleMs: 20 } });
    expect(await kindOf(fetch(server.url))).toBe("timeout");
    expect(await kindOf(fetch(`${server.url}/body`).then((response) => response.text()))).toBe("timeout");
    const total = anEgress([`127.0.0.1:${server.port}`], { limits: { totalMs: 20 } });
    expect(await kindOf(total.fetch(`${server.url}/body`).then((response) => response.text()))).toBe("timeout");
  });

  test("an answer that is cut off fails", async () => {
    const server = await aServer((request, response) => {
      response.write("begun", () => setImmediate(() => request.socket.destroy()));
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect(await kindOf(fetch(server.url).then((response) => response.text()))).toBe("network");
  });

  test("a closed port that may be dialled is a failed connection", async () => {
    expect(await kindOf(anEgress(["127.0.0.1:1"]).fetch("http://127.0.0.1:1/"))).toBe("connect");
  });
});

describe("downloads", () => {
  test("give bytes and the media type", async () => {
    const server = await aServer((_, response) => response.setHeader("content-type", "Image/PNG; q=1").end("png"));
    const client = anEgress([`127.0.0.1:${server.port}`]);
    const file = await client.get(server.url, { maxBytes: 3, timeoutMs: 5_000, signal: new AbortController().signal });
    expect([Buffer.from(file.bytes).toString(), file.mediaType]).toEqual(["png", "image/png"]);
  });

  test("fail past their cap, past their time, and on an error status", async () => {
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
