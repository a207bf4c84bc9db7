import { describe, expect, onTestFinished, test } from "bun:test";
import { createEgress } from "#base/egress/create-egress.ts";
import { anEgress, aServer, failure, kindOf, readBody } from "#testing/egress-fixture.ts";

describe("addresses", () => {
  test("a name with one private address among its addresses is refused", async () => {
    const canary = await aServer();
    const { fetch } = anEgress([], { resolve: async () => ["1.1.1.1", "127.0.0.1"] }, "provider");
    expect(await kindOf(fetch(`http://mixed.test:${canary.port}/`))).toBe("blocked_address");
    expect(canary.requests).toHaveLength(0);
  });

  test("a name that turns private between check and dial never reaches the private address", async () => {
    const canary = await aServer();
    let calls = 0;
    const client = anEgress([], { resolve: async () => [calls++ % 2 === 0 ? "1.1.1.1" : "127.0.0.1"] }, "provider");
    for (let round = 0; round < 200; round++) {
      await client.check(`http://rebind.test:${canary.port}/`);
      expect(await kindOf(client.fetch(`http://rebind.test:${canary.port}/`))).toBe("blocked_address");
    }
    expect(canary.requests).toHaveLength(0);
  });

  test("open and closed private ports are refused with the same message", async () => {
    const canary = await aServer();
    const { fetch } = anEgress([], { resolve: async () => ["127.0.0.1"] }, "provider");
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

  test("a pooled connection of providers is not reused for another purpose", async () => {
    const server = await aServer();
    const policy = { allowHosts: new Set<string>(), allowPrivateProviderUrls: true };
    const egress = createEgress(policy, { resolve: async () => ["127.0.0.1"] });
    onTestFinished(() => egress.close());
    const url = `http://llm.test:${server.port}/`;
    expect(await (await egress.for("provider").fetch(url)).text()).toBe("reached");
    expect(await kindOf(egress.for("web").fetch(url))).toBe("blocked_address");
  });

  test.each([204, 205, 304])("an answer with status %i has no body", async (status) => {
    const server = await aServer((_, response) => response.writeHead(status).end());
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    const answer = await fetch(server.url);
    expect([answer.status, answer.body]).toEqual([status, null]);
  });

  test("an answer over a connection that is already open may take longer than connecting may", async () => {
    const sockets = new Set<unknown>();
    const server = await aServer((request, response) => {
      const isReused = sockets.has(request.socket);
      sockets.add(request.socket);
      setTimeout(() => response.end("answered"), isReused ? 300 : 0);
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`], { limits: { connectMs: 100 } });
    expect(await (await fetch(server.url)).text()).toBe("answered");
    expect(await (await fetch(server.url)).text()).toBe("answered");
    expect(sockets.size).toBe(1);
  });

  test("a name that does not resolve has another error than a refused name", async () => {
    const { fetch, check } = anEgress([], { resolve: () => Promise.reject(new Error("ENOTFOUND")) });
    expect(await kindOf(fetch("http://nowhere.test/"))).toBe("dns");
    expect(await kindOf(check("http://nowhere.test/"))).toBe("dns");
  });

  test("a name whose resolver never answers is given up", async () => {
    const options = { resolve: () => new Promise<never>(() => {}), limits: { connectMs: 20 } };
    const { fetch, check } = anEgress([], options);
    expect(await kindOf(check("http://nowhere.test/"))).toBe("dns");
    await failure(fetch("http://nowhere.test/"));
  });
});

describe("requests", () => {
  test("are answered with the status, its text and the headers of the server", async () => {
    const server = await aServer((_, response) => {
      response.writeHead(299, "Quite Fine", { "X-Thing": "t1" });
      response.end();
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    const { status, statusText, headers, ok } = await fetch(server.url);
    expect([status, statusText, headers.get("x-thing"), ok]).toEqual([299, "Quite Fine", "t1", true]);
  });

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

  test("a connection that carried a text body is used again", async () => {
    const server = await aServer(async (request, response) => response.end(await readBody(request)));
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    for (const body of ["first", "second", "third"]) {
      expect(await (await fetch(server.url, { method: "POST", body })).text()).toBe(body);
    }
    expect(new Set(server.requests.map(({ socket }) => socket.remotePort)).size).toBe(1);
  });

  test("the caller cannot set framing and routing headers, and uncompressed responses are requested", async () => {
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

  test("a pooled connection that the server closed does not fail the next request", async () => {
    const server = await aServer((request, response) => {
      response.end("reached");
      response.once("finish", () => setImmediate(() => request.socket.destroy()));
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    for (let round = 0; round < 20; round++) expect(await (await fetch(server.url)).text()).toBe("reached");
  });
});
