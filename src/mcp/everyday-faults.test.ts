import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "#base/limits.ts";
import { nameTools, toolPrefixOf } from "#mcp/mcp-tool-name.ts";
import { toToolOutcome } from "#mcp/to-tool-outcome.ts";
import {
  ECHO,
  eventStream,
  type McpScript,
  type McpServer,
  startMcpServer,
  textResult,
} from "#testing/mcp/start-mcp-server.ts";
import { callOnce, createTestPool } from "#testing/mcp-fixture.ts";

const { pool, at, of, processes, advance } = createTestPool();
afterAll(() => pool.close());
const open: McpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});

function start(script: McpScript = {}) {
  const server = startMcpServer(script);
  open.push(server);
  return { server, pooled: at(server.url) };
}

const list = async (tool: object) => {
  const { pooled } = start({ list: () => ({ tools: [{ ...ECHO, ...tool }] }) });
  return (await pooled.listTools())[0];
};

const textOf = (answer: object) => JSON.stringify(toToolOutcome("test", { content: [], ...answer }).parts);

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

describe("names of tools", () => {
  const server = { id: "s", prefix: "mcp_docs" };

  test("have at most 64 characters of a kind that all providers take, and are unique", () => {
    const given = [
      "search",
      "x".repeat(90),
      `${"x".repeat(90)}y`,
      "a.b",
      "a/b",
      "tìm kiếm",
      "搜索",
      "__proto__",
      "\u0007",
    ];
    const names = nameTools(server, given, new Set());
    expect(names[0]).toBe("mcp_docs__search");
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(new Set(names).size).toBe(given.length);
    expect(nameTools(server, given, new Set())).toEqual(names);
  });

  test("do not collide where two servers have one prefix", () => {
    const taken = new Set<string>();
    const first = nameTools(server, ["search"], taken);
    expect(nameTools({ ...server, id: "other" }, ["search"], taken)).not.toEqual(first);
  });

  test.each([
    ["my-server", "", "mcp_my_server"],
    ["docs", "kb", "mcp_kb"],
    ["docs", "mcp_kb", "mcp_kb"],
  ])("of the server %p with the prefix %p begin with %p", (name, toolPrefix, prefix) => {
    expect(toolPrefixOf({ name, toolPrefix })).toBe(prefix);
  });
});

describe("a schema", () => {
  test("without type and properties gets both", async () => {
    expect((await list({ inputSchema: {} }))?.parameters).toEqual({ type: "object", properties: {} });
    expect((await list({ inputSchema: undefined }))?.parameters).toEqual({ type: "object", properties: {} });
  });

  test("keeps its definitions and references, and loses $schema", async () => {
    const inputSchema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      $defs: { id: { type: "string" } },
      properties: { id: { $ref: "#/$defs/id" } },
    };
    expect((await list({ inputSchema }))?.parameters).toEqual({
      type: "object",
      $defs: { id: { type: "string" } },
      properties: { id: { $ref: "#/$defs/id" } },
    });
  });

  test("gets items for its arrays, and no choice at its top", async () => {
    const inputSchema = {
      properties: { tags: { type: "array" } },
      anyOf: [{ properties: { name: { type: "string" } }, required: ["name"] }],
    };
    expect((await list({ inputSchema }))?.parameters).toEqual({
      type: "object",
      properties: { name: { type: "string" }, tags: { type: "array", items: {} } },
    });
  });

  test("gets names of parameters that all providers take", async () => {
    const inputSchema = { properties: { $filter: { type: "string" }, _filter: {} }, required: ["$filter"] };
    const tool = await list({ inputSchema });
    expect(tool?.parameters).toEqual({
      type: "object",
      properties: { _filter_: { type: "string" }, _filter: {} },
      required: ["_filter_"],
    });
    expect(tool?.renamed).toEqual({ _filter_: "$filter" });
  });
});

describe("a result", () => {
  test("that is only structured is read", () => {
    expect(textOf({ structuredContent: { total: 36 } })).toContain('\\"total\\":36');
  });

  test("with a short text beside what is structured is read whole", () => {
    const structuredContent = { rows: Array.from({ length: 20 }, (_, row) => ({ row })) };
    const text = textOf({ content: [{ type: "text", text: "20 rows" }], structuredContent });
    expect(text).toContain("20 rows");
    expect(text).toContain('\\"row\\":19');
  });

  test("that is structured and repeated as text is read once", () => {
    const structuredContent = { total: 36 };
    const content = [{ type: "text", text: JSON.stringify(structuredContent) }];
    expect(textOf({ content, structuredContent }).split("total")).toHaveLength(2);
  });

  test("that is empty says so", () => {
    expect(textOf({ content: [] })).toContain("The tool gave no output.");
  });

  test("that is an error is one", () => {
    expect(toToolOutcome("test", { content: [{ type: "text", text: "no" }], isError: true }).isError).toBe(true);
  });

  test("with an image or a file has its kind and size, and no bytes", () => {
    const data = "A".repeat(40_000);
    const content = [
      { type: "image", data, mimeType: "image/png" },
      { type: "resource", resource: { uri: "file:///a.bin", blob: data } },
      { type: "resource", resource: { uri: "file:///a.txt", text: "hello" } },
      { type: "resource_link", uri: "https://example.com/a", name: "a" },
      { type: "hologram" },
    ];
    const text = textOf({ content });
    expect(text).toContain("[image: image/png, 30000 bytes, not shown]");
    expect(text).toContain("hello");
    expect(text).not.toContain("AAAA");
  });
});

describe("the process of a server", () => {
  const directory = mkdtempSync(join(tmpdir(), "goclaw-mcp-"));
  const script = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return of(process.execPath, ["--no-env-file", join(directory, name)], directory);
  };
  const ANSWERS = `
    for await (const line of console) {
      const { id, method } = JSON.parse(line);
      if (id === undefined) continue;
      const results = {
        initialize: { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "s", version: "1" } },
        "tools/list": { tools: [{ name: "echo", inputSchema: {} }] },
      };
      if (method === "tools/call") await onCall();
      console.log(JSON.stringify({ jsonrpc: "2.0", id, result: results[method] ?? { content: [] } }));
    }`;

  test("may print other lines on its output", async () => {
    const noisy = script("noisy.js", `const onCall = () => {}; console.log("Server is ready!\\n{broken");${ANSWERS}`);
    expect(await noisy.listTools()).toHaveLength(1);
  });

  test("is ended if it floods its output, with or without ends of lines", async () => {
    const lines = script("lines.js", `const onCall = () => { for (;;) console.log("noise"); };${ANSWERS}`);
    expect(await callOnce(lines, "echo").catch(({ kind }) => kind)).toBe("misbehaved");
    const endless = script(
      "endless.js",
      `const onCall = () => { for (;;) process.stdout.write("x".repeat(65536)); };${ANSWERS}`,
    );
    expect(await callOnce(endless, "echo").catch(({ kind }) => kind)).toBe("misbehaved");
    await until(() => processes.running.size <= 1);
  });

  test("that dies in the middle of a call fails it at once, and starts again for the next call", async () => {
    const dying = script(
      "dying.js",
      `import { existsSync, writeFileSync } from "node:fs";
       const onCall = () => { if (!existsSync("died")) { writeFileSync("died", ""); process.exit(1); } };${ANSWERS}`,
    );
    await dying.listTools();
    expect(await callOnce(dying, "echo").catch(({ kind }) => kind)).toBe("closed");
    await dying.reconnect();
    expect((await callOnce(dying, "echo")).content).toEqual([]);
  });

  test("is replaced, never doubled, by reconnecting, and takes its own children along", async () => {
    const parent = script(
      "parent.js",
      `import { spawn } from "node:child_process"; const onCall = () => {};
       spawn("sleep", ["1000"]);${ANSWERS}`,
    );
    const before = processes.running.size;
    for (let round = 0; round < 5; round++) {
      await parent.reconnect();
      await parent.listTools();
    }
    await until(() => processes.running.size === before + 1);
  });

  test("that does not exist is a failure, not a crash", async () => {
    const missing = of("no-such-program", [], directory);
    expect(await missing.listTools().then(String, ({ kind }) => kind)).toBe("unreachable");
  });
});
