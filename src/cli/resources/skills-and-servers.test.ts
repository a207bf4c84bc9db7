import { afterAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCliGateway } from "#testing/cli-fixture.ts";
import { startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { aSkillZip } from "#testing/skills/skill-archive.ts";

const server = startMcpServer();
const broken = startMcpServer({ intercept: () => new Response("out of order", { status: 500 }) });
const gateway = await startCliGateway({ allowHosts: [server.host, broken.host] });
const { goclaw, place } = gateway;
afterAll(() => Promise.all([gateway.stop(), server.stop(), broken.stop()]));

test("a skill is uploaded, found, turned off and deleted", async () => {
  writeFileSync(join(place, "báo cáo.zip"), aSkillZip({ name: "pdf-report", description: "Viết báo cáo 🦊" }));
  const uploaded = await goclaw(["skills", "upload", "báo cáo.zip", "--json"]);
  expect(JSON.parse(uploaded.stdout)).toMatchObject({ slug: "pdf-report", version: 1 });
  expect((await goclaw(["skills", "list", "--search", "report"])).stdout).toMatch(
    /\npdf-report +1 +\w+ +active +Viết báo cáo 🦊\n/,
  );
  expect((await goclaw(["skills", "toggle", "pdf-report", "off"])).stdout).toBe("The skill pdf-report is off.\n");
  expect((await goclaw(["skills", "list", "--search", "pdf-report"])).stdout).toContain("inactive");
  expect(await goclaw(["skills", "toggle", "pdf-report", "maybe"])).toMatchObject({ exitCode: 2 });
  expect((await goclaw(["skills", "delete", "pdf-report"])).exitCode).toBe(0);
  expect(await goclaw(["skills", "get", "pdf-report"])).toMatchObject({ stdout: "", exitCode: 1 });
  expect(await goclaw(["skills", "upload", place])).toMatchObject({
    stderr: `goclaw: ${place} is no file.\n`,
    exitCode: 2,
  });
});

test("an MCP server is tried, added, asked for its tools and removed", async () => {
  const where = ["--server-url", server.url];
  expect((await goclaw(["mcp", "test", ...where])).stdout).toMatch(/^The server answers\. It has \d+ tools\.\n$/);
  const added = await goclaw(["mcp", "add", "search", ...where, "--key", "planted-key"]);
  expect(added).toMatchObject({ stderr: "", exitCode: 0 });
  expect(added.stdout).not.toContain("planted-key");
  expect((await goclaw(["mcp", "list"])).stdout).toMatch(/\nsearch +streamable-http +http:\S+ +0 +yes +/);
  const tools = (await goclaw(["mcp", "tools", "search", "-q"])).stdout.trimEnd().split("\n");
  expect(tools[0]).toStartWith("mcp_search__");
  expect((await goclaw(["mcp", "remove", "search"])).stdout).toBe("Removed the server.\n");
  expect((await goclaw(["mcp", "list"])).stdout).toBe("There are no MCP servers. Add one with goclaw mcp add.\n");
});

test("a server that does not work ends with 1, and one that is not said with 2", async () => {
  const bad = await goclaw(["mcp", "test", "--server-url", broken.url]);
  expect(bad).toMatchObject({ stdout: "", stderr: expect.stringContaining("The server does not work: "), exitCode: 1 });
  const asJson = await goclaw(["mcp", "test", "--server-url", broken.url, "--json"]);
  expect([JSON.parse(asJson.stdout).success, asJson.exitCode]).toEqual([false, 1]);
  expect(await goclaw(["mcp", "add", "x"])).toMatchObject({
    stderr: expect.stringContaining("-- COMMAND"),
    exitCode: 2,
  });
});

test("the words after -- are a command with its arguments, as they are", async () => {
  const { stdout } = await goclaw(["mcp", "add", "local", "--json", "--", "node", "a b.js", "--flag"]);
  expect(JSON.parse(stdout)).toMatchObject({ transport: "stdio", command: "node", args: ["a b.js", "--flag"] });
});

test("a trace shows the calls of a run", async () => {
  gateway.model.enqueue({ toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "late" });
  await goclaw(["chat", "-a", "openai", "What time is it?"]);
  const [id = ""] = (await goclaw(["traces", "list", "-q"])).stdout.split("\n");
  // The calls of a run are written in the background.
  const readCalls = async (): Promise<string> => {
    const { stdout } = await goclaw(["traces", "get", id]);
    return stdout.includes("#2") ? stdout : readCalls();
  };
  const calls = await readCalls();
  expect(calls).toMatch(/\ndatetime +tool_call +completed +/);
  expect(calls).toMatch(/\nopenai\/test-model #2 +llm_call +completed +/);
  expect((await goclaw(["traces", "list"])).stdout).toMatch(new RegExp(`\\n${id} +\\S+ \\S+ +completed +1 `));
});
