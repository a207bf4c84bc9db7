import { afterAll, describe, expect, test } from "bun:test";
import { aPicture } from "#testing/a-photo.ts";
import { createAgent } from "#testing/create-agent.ts";
import { startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer, startServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const AGENT = "unlucky";

describe.each([...testDialects()])("an image in a tool's result, after a death on %s", async (dialect) => {
  const picture = await aPicture();
  const model = await startModelServer();
  const camera = startMcpServer({
    call: () => ({ content: [{ type: "image", data: picture, mimeType: "image/png" }] }),
  });
  const site = await createServerSite(dialect, {
    GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port},${camera.host}`,
  });
  let server = await startReadyServer(site);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await Promise.all([model.stop(), camera.stop(), site.remove()]);
  });
  await createAgent(site, { modelUrl: model.url, agent: AGENT });
  const input = { name: "camera", transport: "streamable-http", url: camera.url };
  const { id } = await site.call("POST", "/v1/mcp/servers", input);
  await site.call("POST", `/v1/mcp/servers/${id}/grants/agent`, { agent_id: AGENT });
  model.script(({ messages }) =>
    messages.some(({ role }) => role === "tool")
      ? { text: "done" }
      : { toolCalls: [{ name: "mcp_camera__echo", arguments: {} }] },
  );

  test.each(["call.stored", "results.stored"])(
    "at %s reaches the model, and the tool is not called again",
    async (point) => {
      server.signal("SIGTERM");
      await server.exited;
      const [calls, requests] = [camera.calls.length, model.requests.length];
      const doomed = startServer(site, { env: { GOCLAW_FAILPOINTS: point } });
      expect(await doomed.isReady()).toBe(true);
      await site.call("POST", `/v1/agents/${AGENT}/runs`, { input: point }).catch(() => undefined);
      await doomed.exited;

      server = await startReadyServer(site);
      const newest = async () => (await site.call("GET", "/v1/runs?limit=1")).runs[0];
      let run = await newest();
      for (; ["queued", "running"].includes(run.status); run = await newest()) await Bun.sleep(20);
      expect(run).toMatchObject({ status: "completed", output: "done" });
      expect(camera.calls.length - calls).toBe(1);
      const asked = model.requests.slice(requests).map(({ body }) => JSON.stringify(body).includes(picture));
      expect(asked).toEqual([false, true]);
    },
    TIMEOUT,
  );
});
