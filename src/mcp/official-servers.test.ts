import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typeOfContent } from "#base/media/media-types.ts";
import { toToolOutcome } from "#mcp/to-tool-outcome.ts";
import { officialServer, startEverythingServer } from "#testing/mcp/start-everything-server.ts";
import { callOnce, createTestPool } from "#testing/mcp-fixture.ts";

const { pool, at, of, processes } = createTestPool();
afterAll(() => pool.close());

const directory = mkdtempSync(join(tmpdir(), "goclaw-mcp-"));
const bun = (...args: readonly string[]) => of(process.execPath, ["--no-env-file", ...args], directory);

const servers = {
  sse: await startEverythingServer("sse"),
  "streamable-http": await startEverythingServer("streamableHttp"),
};
afterAll(() => {
  for (const { stop } of Object.values(servers)) stop();
});

describe.each([
  ["stdio", () => bun(officialServer("everything"), "stdio")],
  ["sse", () => at(servers.sse.url, "sse")],
  ["streamable-http", () => at(servers["streamable-http"].url)],
] as const)("the official server with one of everything over %s", (_, open) => {
  test("lists its tools", async () => {
    const names = (await open().listTools()).map(({ name }) => name);
    expect(names).toContain("echo");
    expect(names.length).toBeGreaterThan(5);
  });

  test("answers calls", async () => {
    const { content } = await callOnce(open(), "echo", { message: "Xin chào 👋" });
    expect(content).toEqual([{ type: "text", text: "Echo: Xin chào 👋" }]);
  });

  test("sends images, of which the text names only type, size and path", async () => {
    const answer = await callOnce(open(), "get-tiny-image");
    const { parts } = await toToolOutcome("test", answer, async () => "tiny.png");
    const text = JSON.stringify(parts.filter(({ type }) => type === "text"));
    expect(text).toContain("[image: image/png, ");
    expect(text.length).toBeLessThan(1_000);
    const [image] = parts.flatMap((part) => (part.type === "image" ? [part.bytes] : []));
    expect(typeOfContent("", image ?? new Uint8Array())).toBe("image/png");
  });

  test("reports progress, which keeps a long call alive", async () => {
    const { content } = await callOnce(open(), "trigger-long-running-operation", { duration: 2, steps: 10 }, 1_000);
    expect(JSON.stringify(content)).toContain("completed");
  });
});

test("the official file server reads a file", async () => {
  writeFileSync(join(directory, "note.txt"), "hello from a file");
  const answer = await callOnce(bun(officialServer("filesystem"), directory), "read_text_file", {
    path: join(directory, "note.txt"),
  });
  expect(JSON.stringify(answer.content)).toContain("hello from a file");
});

test("the official memory server keeps what it is told", async () => {
  const server = bun(officialServer("memory"));
  const entities = [{ name: "Ada", entityType: "person", observations: ["likes engines"] }];
  await callOnce(server, "create_entities", { entities });
  expect(JSON.stringify((await callOnce(server, "read_graph")).content)).toContain("likes engines");
});

test("processes end when their connections are closed", async () => {
  await bun(officialServer("memory")).listTools();
  expect(processes.running.size).toBeGreaterThan(0);
  await pool.close();
  for (let attempt = 0; attempt < 100 && processes.running.size > 0; attempt++) await Bun.sleep(20);
  expect(processes.running.size).toBe(0);
});
