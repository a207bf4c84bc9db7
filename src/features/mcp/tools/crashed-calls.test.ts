import { afterAll, describe, expect, test } from "bun:test";
import { createAgent } from "#testing/create-agent.ts";
import { ECHO, startMcpServer, textResult } from "#testing/mcp/start-mcp-server.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const AGENT = "crashing";

describe.each([...testDialects()])("a call of an MCP server during which the gateway dies, on %s", async (dialect) => {
  const model = await startModelServer();
  const started = Promise.withResolvers<void>();
  const tools = [ECHO, { ...ECHO, name: "look", annotations: { readOnlyHint: true } }];
  let isHanging = true;
  const remote = startMcpServer({
    list: () => ({ tools }),
    call: ({ params }) => {
      started.resolve();
      return isHanging ? new Promise<never>(() => undefined) : textResult(`answer of ${params.name}`);
    },
  });
  const allowed = `127.0.0.1:${model.port},${remote.host}`;
  const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: allowed });
  let server = await startReadyServer(site);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await model.stop();
    await remote.stop();
    await site.remove();
  });
  await createAgent(site, { modelUrl: model.url, agent: AGENT });
  const post = async (path: string, body: object) => {
    const headers = {
      Authorization: `Bearer ${site.token()}`,
      "Content-Type": "application/json",
      "X-GoClaw-User-Id": "ada",
    };
    const request = { method: "POST", headers, body: JSON.stringify(body), keepalive: false };
    return (await fetch(site.url + path, request)).json() as Promise<{ readonly id: string }>;
  };
  const { id } = await post("/v1/mcp/servers", { name: "far", transport: "streamable-http", url: remote.url });
  await post(`/v1/mcp/servers/${id}/grants/agent`, { agent_id: AGENT });

  test(
    "is repeated if it only reads, and never if it may change something",
    async () => {
      model.enqueue({ toolCalls: [{ name: "mcp_far__echo", arguments: {} }] });
      await post(`/v1/agents/${AGENT}/runs`, { input: "go on" });
      await started.promise;
      server.signal("SIGKILL");
      await server.exited;
      isHanging = false;
      model.enqueue({ toolCalls: [{ name: "mcp_far__look", arguments: {} }] }, { text: "done" });
      server = await startReadyServer(site);
      for (let attempt = 0; attempt < 500 && model.requests.length < 3; attempt++) await Bun.sleep(20);

      expect(remote.calls.map(({ params }) => params.name)).toEqual(["echo", "look"]);
      expect(model.requests[1]?.toolResults[0]).toContain("not repeated");
      expect(model.requests[2]?.toolResults[0]).toContain("answer of look");
    },
    TIMEOUT,
  );
});
