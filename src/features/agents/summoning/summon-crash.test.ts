import { describe, expect, test } from "bun:test";
import { createAgent } from "#testing/create-agent.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
const FILES = '<file name="SOUL.md">Back again.</file><file name="IDENTITY.md">Name: Phoenix</file>';

describe.each([...testDialects()])("a summoning on %s", (dialect) => {
  test(
    "survives the death of its gateway while the model writes",
    async () => {
      const model = await startModelServer();
      const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
      const call = async (method: string, path: string) => {
        const headers = { Authorization: `Bearer ${site.token()}`, "X-GoClaw-User-Id": "ada" };
        const response = await fetch(site.url + path, { method, headers, keepalive: false });
        return (await response.json()) as { status: string; display_name?: string };
      };
      const first = await startReadyServer(site);
      const writing = model.manual();
      const settings = { agent_description: "rises again" };
      await createAgent({ url: site.url, token: site.token() }, { modelUrl: model.url, agent: "phoenix", settings });
      await writing.arrived;
      first.signal("SIGKILL");
      await first.exited;

      model.script({ text: FILES });
      const second = await startReadyServer(site);
      let agent = await call("GET", "/v1/agents/phoenix");
      for (; agent.status === "summoning"; agent = await call("GET", "/v1/agents/phoenix")) await Bun.sleep(100);
      expect(agent).toMatchObject({ status: "active", display_name: "Phoenix" });
      second.signal("SIGTERM");
      expect(await second.exited).toBe(0);
      await Promise.all([model.stop(), site.remove()]);
    },
    TIMEOUT,
  );
});
