import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { toToolOutcome } from "#mcp/to-tool-outcome.ts";
import { ECHO, eventStream, textResult } from "#testing/mcp/start-mcp-server.ts";
import { callOnce, createScriptedServers, createTestPool } from "#testing/mcp-fixture.ts";

const { pool, at } = createTestPool();
afterAll(() => pool.close());
const { start, stopAll } = createScriptedServers(at);
afterEach(stopAll);

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no failure",
    (error) => error.kind,
  );

const manyTools = (count: number) => Array.from({ length: count }, (_, index) => ({ ...ECHO, name: `tool-${index}` }));

describe("a list of tools", () => {
  test("ends after the limit, however many there are", async () => {
    const { pooled } = start({ list: () => ({ tools: manyTools(10_000) }) });
    expect(await pooled.listTools()).toHaveLength(LIMITS.mcpTools);
  });

  test("ends although its pages never do", async () => {
    let page = 0;
    const { pooled, server } = start({
      list: () => ({ tools: [{ ...ECHO, name: `tool-${page}` }], nextCursor: `page-${++page}` }),
    });
    expect(await pooled.listTools()).toHaveLength(LIMITS.mcpListPages);
    expect(server.received.filter(({ method }) => method === "tools/list")).toHaveLength(LIMITS.mcpListPages);
  });

  test("ends where the next page is the same page", async () => {
    const { pooled } = start({ list: () => ({ tools: [ECHO], nextCursor: "again" }) });
    expect(await pooled.listTools()).toHaveLength(1);
  });

  test("leaves out tools that no model could use, and keeps the others", async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(60)}{}${"}".repeat(60)}`);
    const { pooled } = start({
      list: () => ({
        tools: [
          { name: 5 },
          "text",
          null,
          { ...ECHO, name: "x".repeat(2_000) },
          { ...ECHO, name: "deep", inputSchema: deep },
          { ...ECHO, name: "large", inputSchema: { description: "x".repeat(LIMITS.mcpSchemaChars) } },
          ECHO,
        ],
      }),
    });
    expect((await pooled.listTools()).map(({ name }) => name)).toEqual(["echo"]);
  });

  test("is empty where the server knows no tools", async () => {
    const { pooled } = start({
      intercept: ({ method, id }) =>
        method === "tools/list"
          ? Response.json({ jsonrpc: "2.0", id, error: { code: -32_601, message: "Method not found" } })
          : undefined,
    });
    expect(await pooled.listTools()).toEqual([]);
  });

  test("shortens descriptions and takes invisible instructions out of them", async () => {
    const hidden = `Adds.\u{E0049}\u200B\u0007${"x".repeat(10_000)}`;
    const { pooled } = start({ list: () => ({ tools: [{ ...ECHO, description: hidden }] }) });
    const [tool] = await pooled.listTools();
    expect(tool?.description).toStartWith("Adds.xxx");
    expect(tool?.description).toHaveLength(LIMITS.mcpDescriptionChars);
  });
});

describe("a call", () => {
  test("ends after its timeout, and the server hears that it was cancelled", async () => {
    const { pooled, server } = start({ call: () => new Promise<never>(() => undefined) });
    expect(await failureOf(callOnce(pooled, "echo", {}, 100))).toBe("timeout");
    for (let attempt = 0; attempt < 100; attempt++) {
      if (server.received.some(({ method }) => method === "notifications/cancelled")) break;
      await Bun.sleep(10);
    }
    expect(server.received.at(-1)?.method).toBe("notifications/cancelled");
  });

  test("ends when it is aborted", async () => {
    const abort = new AbortController();
    const { pooled } = start({
      call: () => {
        abort.abort();
        return new Promise<never>(() => undefined);
      },
    });
    const call = { name: "echo", input: {}, signal: abort.signal, timeoutMs: 10_000, isRepeatable: true };
    expect(await failureOf(pooled.call(call))).toBe("aborted");
  });

  test("fails if its result is larger than the limit, and the next one works", async () => {
    let isLarge = true;
    const { pooled } = start({ call: () => textResult(isLarge ? "x".repeat(50_000_000) : "small") });
    expect(await failureOf(callOnce(pooled, "echo"))).toBe("misbehaved");
    isLarge = false;
    expect((await callOnce(pooled, "echo")).content).toEqual([{ type: "text", text: "small" }]);
  });

  test("fails if its result is a stream without an end of a line", async () => {
    const chunk = "x".repeat(100_000);
    const endless = () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue("data: "),
          pull: (controller) => controller.enqueue(chunk),
        }),
        { headers: { "Content-Type": "text/event-stream" } },
      );
    const { pooled } = start({ call: endless });
    expect(await failureOf(callOnce(pooled, "echo"))).toBe("misbehaved");
  });

  test("fails if its result nests too deep", async () => {
    const deep = JSON.parse(`${"[".repeat(300)}${"]".repeat(300)}`);
    const { pooled } = start({ call: () => ({ content: [], structuredContent: { deep } }) });
    expect(await failureOf(callOnce(pooled, "echo"))).toBe("misbehaved");
  });

  test("fails if the server floods the gateway with notifications", async () => {
    const noise = { jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: "x" } };
    const { pooled } = start({ call: () => eventStream(...Array.from({ length: 20_000 }, () => noise)) });
    expect(await failureOf(callOnce(pooled, "echo"))).toBe("misbehaved");
  });

  test("does not take an answer with another id", async () => {
    const wrong = { jsonrpc: "2.0", id: 99_999, result: textResult("of another call") };
    const { pooled } = start({ call: () => eventStream(wrong) });
    // The stream ends without the true answer.
    expect(await failureOf(callOnce(pooled, "echo"))).toBe("closed");
  });

  test("fails at once if the stream ends without an answer", async () => {
    const { pooled } = start({ call: () => eventStream() });
    expect(await failureOf(callOnce(pooled, "echo", {}, 60_000))).toBe("closed");
  });

  test.each(["not JSON", '{"jsonrpc":"2.0"', "[]", "null", '{"jsonrpc":"2.0","id":2,"result":5}'])(
    "fails if the server answers %p",
    async (text) => {
      const { pooled } = start({
        call: () => new Response(text, { headers: { "Content-Type": "application/json" } }),
      });
      expect(await failureOf(callOnce(pooled, "echo", {}, 500))).not.toBe("no failure");
    },
  );

  test("that the server refuses has its words as a detail", async () => {
    const { pooled } = start({
      call: ({ id }) => Response.json({ jsonrpc: "2.0", id, error: { code: -32_602, message: "wrong colour" } }),
    });
    const failure = await callOnce(pooled, "echo").catch((error) => error);
    expect([failure.kind, failure.detail]).toEqual(["refused", expect.stringContaining("wrong colour")]);
  });
});

test("what a call returns is cut before the model reads it", async () => {
  const { pooled } = start({ call: () => textResult("x".repeat(4_000_000)) });
  const { parts } = await toToolOutcome("test", await callOnce(pooled, "echo"), async () => "");
  expect(JSON.stringify(parts).length).toBeLessThan(LIMITS.toolResultChars + 1_000);
});

test("a server that redirects elsewhere gets no credentials there", async () => {
  const { server: other } = start();
  const { server } = start({ intercept: () => Response.redirect(other.url, 307) });
  const redirected = at(server.url.replace("/mcp", "/moved"), "streamable-http", { "X-Key": "planted" });
  expect(await failureOf(redirected.listTools())).toBe("unreachable");
  expect(other.received).toEqual([]);
});
