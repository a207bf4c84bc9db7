import { afterAll, describe, expect, test } from "bun:test";
import { nameTools, toolPrefixOf } from "#mcp/mcp-tool-name.ts";
import { type Attachment, toToolOutcome } from "#mcp/to-tool-outcome.ts";
import { ECHO, startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { createTestPool } from "#testing/mcp-fixture.ts";

const { pool, at } = createTestPool();
afterAll(() => pool.close());

async function list(tool: object) {
  const server = startMcpServer({ list: () => ({ tools: [{ ...ECHO, ...tool }] }) });
  try {
    return (await at(server.url).listTools())[0];
  } finally {
    await server.stop();
  }
}

const save = async ({ bytes, type }: Attachment) => `mcp/test/${bytes.length}-${type}`;
const textOf = async (answer: object) =>
  JSON.stringify((await toToolOutcome("test", { content: [], ...answer }, save)).parts);

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
  test("that is only structured is read", async () => {
    expect(await textOf({ structuredContent: { total: 36 } })).toContain('\\"total\\":36');
  });

  test("with a short text beside what is structured is read whole", async () => {
    const structuredContent = { rows: Array.from({ length: 20 }, (_, row) => ({ row })) };
    const text = await textOf({ content: [{ type: "text", text: "20 rows" }], structuredContent });
    expect(text).toContain("20 rows");
    expect(text).toContain('\\"row\\":19');
  });

  test("that is structured and repeated as text is read once", async () => {
    const structuredContent = { total: 36 };
    const content = [{ type: "text", text: JSON.stringify(structuredContent) }];
    expect((await textOf({ content, structuredContent })).split("total")).toHaveLength(2);
  });

  test("that is empty says so", async () => {
    expect(await textOf({ content: [] })).toContain("The tool gave no output.");
  });

  test("that is an error is one", async () => {
    const failed = { content: [{ type: "text", text: "no" }], isError: true };
    expect((await toToolOutcome("test", failed, save)).isError).toBe(true);
  });

  test("with an image or a file has its kind and size, and no bytes", async () => {
    const data = "A".repeat(40_000);
    const content = [
      { type: "image", data, mimeType: "image/png" },
      { type: "resource", resource: { uri: "file:///a.bin", blob: data } },
      { type: "resource", resource: { uri: "file:///a.txt", text: "hello" } },
      { type: "resource_link", uri: "https://example.com/a", name: "a" },
      { type: "hologram" },
    ];
    const text = await textOf({ content });
    expect(text).toContain("[image: image/png, 30000 bytes, saved as mcp/test/30000-image/png]");
    expect(text).toContain("hello");
    expect(text).not.toContain("AAAA");
  });

  test("with very many images has the first ones kept", async () => {
    const image = { type: "image", data: "QUJD", mimeType: "image/png" };
    const text = await textOf({ content: Array(100).fill(image) });
    expect(text.split("saved as")).toHaveLength(21);
    expect(text).toContain("not kept");
  });
});
