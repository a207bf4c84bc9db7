import { afterAll, describe, expect, test } from "bun:test";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { ECHO, startMcpServer, textResult } from "#testing/mcp/start-mcp-server.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("one run on %s", async (dialect) => {
  let onCall: () => Promise<void> = async () => {};
  const server = startMcpServer({
    list: () => ({ tools: [{ ...ECHO, annotations: { readOnlyHint: true } }] }),
    call: async ({ params }) => {
      await onCall();
      return textResult(`echo ${JSON.stringify(params.arguments)}`);
    },
  });
  const gateway = await startToolGateway({ dialect, env: { GOCLAW_ALLOW_PRIVATE_PROVIDER_URLS: "1" } });
  const { call, model } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });
  await gateway.anAgent(AGENT);
  const parameters = { type: "object", properties: { who: { type: "string" } } };
  await call("POST", "/v1/tools/custom", { name: "greet", command: "echo hello {{.who}}", parameters, effect: "read" });
  const mcp = (await call("POST", "/v1/mcp/servers", { name: "docs", transport: "streamable-http", url: server.url }))
    .body;
  await call("POST", `/v1/mcp/servers/${mcp.id}/grants/agent`, { agent_id: AGENT });
  const files = { "references/cities.md": "Hà Nội\n" };
  const upload = toUpload(aSkillZip({ name: "weather" }, files));
  const skill = (await call("POST", "/v1/skills/upload", upload, { user: "grace" })).body;
  await call("POST", `/v1/skills/${skill.id}/grants/agent`, { agent_id: AGENT });

  /** Lets the model make one call in each turn. Returns what it read after each. */
  async function turns(...calls: readonly { readonly name: string; readonly arguments: object }[]) {
    const before = model.requests.length;
    for (const toolCall of calls) model.enqueue({ toolCalls: [toolCall] });
    model.enqueue({ text: "done" });
    const answer = await call("POST", `/v1/agents/${AGENT}/wake`, { message: "go on" });
    expect(answer.body.content).toBe("done");
    return model.requests.slice(before + 1).map(({ toolResults }) => toolResults[0] ?? "");
  }
  const CALLS = [
    { name: "use_skill", arguments: { name: "weather" } },
    { name: "mcp_docs__echo", arguments: { text: "hi" } },
    { name: "greet", arguments: { who: "đặng 🦊" } },
  ];

  test("uses a skill, a tool of an MCP server and a custom tool", async () => {
    const [loaded, echoed, greeted] = await turns(...CALLS);
    expect(loaded).toContain("references/cities.md");
    expect(echoed).toContain('echo {"text":"hi"}');
    expect(greeted).toBe("hello đặng 🦊");
  });

  test("loses what is taken from its agent in the middle", async () => {
    onCall = async () => {
      await call("DELETE", `/v1/mcp/servers/${mcp.id}/grants/agent/${AGENT}`);
      await call("DELETE", `/v1/skills/${skill.id}/grants/agent/${AGENT}`);
    };
    const [, echoed = "", again = "", forgotten = ""] = await turns(
      ...CALLS.slice(0, 2),
      ...CALLS.slice(0, 2).reverse(),
    );
    expect(echoed).toContain('echo {"text":"hi"}');
    expect(again).not.toContain("echo {");
    expect(forgotten).not.toContain("references/cities.md");
    expect(server.calls).toHaveLength(2);
  });

  test("every call is in its trace and in the metrics", async () => {
    const { text } = await call("GET", "/metrics");
    for (const name of ["use_skill", "mcp_docs__echo", "greet"]) {
      expect(text).toContain(`goclaw_tool_calls_total{tool="${name}",outcome="completed"}`);
    }
  });
});
