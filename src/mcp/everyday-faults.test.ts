import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { ECHO, eventStream, type McpScript, textResult } from "#testing/mcp/start-mcp-server.ts";
import { callOnce, createScriptedServers, createTestPool } from "#testing/mcp-fixture.ts";

const { pool, at, advance } = createTestPool();
afterAll(() => pool.close());
const { start, stopAll } = createScriptedServers(at);
afterEach(stopAll);

async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !isTrue(); attempt++) await Bun.sleep(10);
  expect(isTrue()).toBe(true);
}

describe("a session that the server forgot", () => {
  test("is begun anew, and the refused call is made again, once", async () => {
    const { pooled, server } = start();
    await callOnce(pooled, "echo", { text: "one" });
    server.forgetSessions();
    expect((await callOnce(pooled, "echo", { text: "two" })).content).toEqual([{ type: "text", text: "two" }]);
    expect(server.received.filter(({ method }) => method === "initialize")).toHaveLength(2);
  });

  test("is begun anew once for several calls at the same time", async () => {
    const { pooled, server } = start();
    await callOnce(pooled, "echo");
    server.forgetSessions();
    const texts = ["one", "two", "three", "four"];
    const answers = await Promise.all(texts.map((text) => callOnce(pooled, "echo", { text })));
    expect(answers.map(({ content }) => content)).toEqual(texts.map((text) => [{ type: "text", text }]));
    expect(server.received.filter(({ method }) => method === "initialize")).toHaveLength(2);
  });

  test("is begun anew also where the server says so with 400", async () => {
    let isForgotten = false;
    const { pooled, server } = start({
      intercept: ({ method }) => {
        if (method === "initialize") isForgotten = false;
        const error = { code: -32_000, message: "Bad Request: No valid session ID provided" };
        return isForgotten ? Response.json({ jsonrpc: "2.0", id: null, error }, { status: 400 }) : undefined;
      },
    });
    await callOnce(pooled, "echo");
    isForgotten = true;
    expect((await callOnce(pooled, "echo", { text: "two" })).content).toEqual([{ type: "text", text: "two" }]);
    expect(server.received.filter(({ method }) => method === "initialize")).toHaveLength(2);
  });
});

test("a list of tools after the server forgot the session is asked for again", async () => {
  const { pooled, server } = start();
  const before = await pooled.listTools();
  await until(() => server.push({ jsonrpc: "2.0", method: "notifications/message", params: {} }) > 0);
  server.forgetSessions();
  advance(LIMITS.mcpRelistPause);
  server.push({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
  await until(() => server.received.filter(({ method }) => method === "tools/list").length === 3);
  expect(await pooled.listTools()).toBe(before);
});

test("a stream that the server closes again and again is not opened without pause", async () => {
  let streams = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      if (request.method === "DELETE") return new Response(null, { status: 405 });
      if (request.method === "GET") {
        streams++;
        return new Response("retry: 0\n\n", { headers: { "Content-Type": "text/event-stream" } });
      }
      const { id, method } = (await request.json()) as { id?: number; method: string };
      if (id === undefined) return new Response(null, { status: 202 });
      const serverInfo = { name: "s", version: "1" };
      const result =
        method === "initialize" ? { protocolVersion: "2025-06-18", capabilities: {}, serverInfo } : { content: [] };
      return Response.json({ jsonrpc: "2.0", id, result });
    },
  });
  const pooled = at(`http://127.0.0.1:${server.port}/mcp`);
  for (let call = 0; call < 100; call++) await callOnce(pooled, "echo");
  expect(streams).toBeLessThan(3);
  await pooled.disconnect();
  await server.stop(true);
});

test("an event stream that ends is a broken connection, and the next call begins another session", async () => {
  const serverInfo = { name: "s", version: "1" };
  let sessions = 0;
  let send: (message: object) => void = () => undefined;
  let end: () => void = () => undefined;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      if (request.method === "GET") {
        sessions++;
        const stream = new ReadableStream<string>({
          start(controller) {
            controller.enqueue("event: endpoint\ndata: /message\n\n");
            send = (message) => controller.enqueue(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
            end = () => controller.close();
          },
        });
        return new Response(stream, { headers: { "Content-Type": "text/event-stream" } });
      }
      const { id, method } = (await request.json()) as { id?: number; method: string };
      const result =
        method === "initialize" ? { protocolVersion: "2025-06-18", capabilities: {}, serverInfo } : { content: [] };
      if (id !== undefined) send({ jsonrpc: "2.0", id, result });
      return new Response(null, { status: 202 });
    },
  });
  const pooled = at(`http://127.0.0.1:${server.port}/sse`, "sse");
  await callOnce(pooled, "echo");
  end();
  await until(() => !pooled.isConnected);
  await pooled.reconnect();
  await callOnce(pooled, "echo");
  expect(sessions).toBe(2);
  await pooled.disconnect();
  await server.stop(true);
});

describe("a connection that breaks in the middle of a call", () => {
  const script = () => {
    let calls = 0;
    return {
      call: () => (++calls === 1 ? eventStream() : textResult("second")),
    } satisfies McpScript;
  };

  test("lets a call that changes something fail, without a second execution", async () => {
    const { pooled, server } = start(script());
    expect(await callOnce(pooled, "echo").catch(({ kind }) => kind)).toBe("closed");
    expect(server.calls).toHaveLength(1);
  });

  test("lets a call that only reads be made again", async () => {
    const { pooled, server } = start(script());
    const call = {
      name: "echo",
      input: {},
      signal: new AbortController().signal,
      timeoutMs: 5_000,
      isRepeatable: true,
    };
    expect((await pooled.call(call)).content).toEqual([{ type: "text", text: "second" }]);
    expect(server.calls).toHaveLength(2);
  });
});

test("a report of changed tools is followed, and an unchanged list stays the same one", async () => {
  let name = "first";
  const { pooled, server } = start({ list: () => ({ tools: [{ ...ECHO, name }] }) });
  const before = await pooled.listTools();
  await until(() => server.push({ jsonrpc: "2.0", method: "notifications/message", params: {} }) > 0);
  advance(LIMITS.mcpRelistPause);
  server.push({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
  await until(() => server.received.filter(({ method }) => method === "tools/list").length === 2);
  expect(await pooled.listTools()).toBe(before);
  name = "second";
  advance(LIMITS.mcpRelistPause);
  server.push({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
  await until(() => server.received.filter(({ method }) => method === "tools/list").length === 3);
  let names: readonly string[] = [];
  for (let attempt = 0; attempt < 200 && names[0] !== "second"; attempt++) {
    names = (await pooled.listTools()).map((tool) => tool.name);
    await Bun.sleep(1);
  }
  expect(names).toEqual(["second"]);
});

test("a server that cannot be reached rests, so that it is not asked for every turn", async () => {
  let attempts = 0;
  const { pooled } = start({
    intercept: ({ method }) => {
      if (method === "initialize") attempts++;
      return new Response("broken", { status: 500 });
    },
  });
  const kinds: string[] = [];
  for (let turn = 0; turn < 20; turn++) kinds.push(await pooled.listTools().then(String, ({ kind }) => kind));
  expect(new Set(kinds)).toEqual(new Set(["unreachable", "resting"]));
  expect(attempts).toBe(1);
  await pooled.reconnect();
  await pooled.listTools().catch(() => undefined);
  expect(attempts).toBe(2);
});

test("a server that hangs makes nobody wait for its tools, and is asked only once", async () => {
  const { pooled, server } = start({ intercept: () => new Promise<never>(() => undefined) });
  const found = await Promise.all(Array.from({ length: 10 }, () => pooled.findTools(20)));
  expect(new Set(found)).toEqual(new Set([undefined]));
  expect(server.received).toHaveLength(1);
  await pooled.retire();
});

test("a session ends at the server when its connection is closed", async () => {
  const methods: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      methods.push(request.method);
      if (request.method !== "POST") return new Response(null, { status: 405 });
      const { id, method } = (await request.json()) as { id?: number; method: string };
      if (id === undefined) return new Response(null, { status: 202 });
      const result =
        method === "initialize"
          ? { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "s", version: "1" } }
          : { tools: [] };
      return Response.json({ jsonrpc: "2.0", id, result }, { headers: { "Mcp-Session-Id": "s-1" } });
    },
  });
  const pooled = at(`http://127.0.0.1:${server.port}/mcp`);
  await pooled.listTools();
  await pooled.disconnect();
  expect(methods).toContain("DELETE");
  await server.stop(true);
});
