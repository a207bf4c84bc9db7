import { afterAll, describe, expect, test } from "bun:test";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { startMcpServer, textResult } from "#testing/mcp/start-mcp-server.ts";
import { FrameParser } from "#testing/run-follower.ts";
import { testDialects } from "#testing/test-database.ts";

const KEY = "secret-key-of-the-server";
const frame = (message: object) => `event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`;

describe.each([...testDialects()])("the progress of a call on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect, env: { GOCLAW_ALLOW_PRIVATE_PROVIDER_URLS: "1" } });
  const { call, model, url, token } = gateway;
  const finish = Promise.withResolvers<void>();
  const server = startMcpServer({
    call: ({ id, params }) => {
      const { progressToken } = params._meta as { readonly progressToken: number };
      const report = (params: object) =>
        frame({ method: "notifications/progress", params: { progressToken, ...params } });
      const body = new ReadableStream<string>({
        async start(controller) {
          controller.enqueue(report({ progress: 1, total: 4 }));
          controller.enqueue(report({ progress: 2, total: 4, message: `half of ${KEY} ${"🦊".repeat(600)}` }));
          await finish.promise;
          controller.enqueue(frame({ id, result: textResult("whole") }));
          controller.close();
        },
      });
      return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
    },
  });
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });

  test("reaches those who follow the run, without secrets, and is not stored", async () => {
    await gateway.anAgent(AGENT);
    const { id } = (
      await call("POST", "/v1/mcp/servers", {
        name: "slow",
        transport: "streamable-http",
        url: server.url,
        headers: { "X-Key": KEY },
      })
    ).body;
    await call("POST", `/v1/mcp/servers/${id}/grants/agent`, { agent_id: AGENT });
    model.enqueue({ toolCalls: [{ name: "mcp_slow__echo", arguments: { text: "hi" } }] }, { text: "done" });
    const run = (await call("POST", `/v1/agents/${AGENT}/runs`, { input: "go on" })).body;
    const { body } = await fetch(`${url}/v1/runs/${run.id}/events`, { headers: { Authorization: `Bearer ${token}` } });
    const parser = new FrameParser();
    const types: string[] = [];
    for await (const chunk of body ?? []) for (const { data } of parser.push(chunk)) take(JSON.parse(data));
    expect(types.slice(types.lastIndexOf("tool.progress"))).toContain("run.completed");
    const options = { headers: { Accept: "application/json" } };
    const stored = (await call("GET", `/v1/runs/${run.id}/events`, undefined, options)).body.events;
    expect(stored.map(({ type }: { type: string }) => type)).not.toContain("tool.progress");

    function take(event: { readonly type: string; readonly progress: number; readonly message: string }): void {
      types.push(event.type);
      if (event.type !== "tool.progress" || event.progress !== 2) return;
      expect(event).toMatchObject({ name: "mcp_slow__echo", progress: 2, total: 4 });
      expect(event.message).toStartWith("half of [REDACTED]");
      expect(event.message.length).toBeLessThanOrEqual(500);
      finish.resolve();
    }
  });
});
