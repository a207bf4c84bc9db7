import { describe, expect, onTestFinished, test } from "bun:test";
import { createAgent } from "#testing/create-agent.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const AGENT = "drafted";
const OPEN = ["queued", "running", "waiting"];

describe.each([...testDialects()])("a run that tries a draft on %s", (dialect) => {
  test(
    "goes on with the same draft in the process that follows the one that died",
    async () => {
      const model = await startModelServer();
      const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
      const first = await startReadyServer(site);
      await createAgent(site, { modelUrl: model.url, agent: AGENT });
      model.enqueue(
        { toolCalls: [{ name: "datetime", arguments: {} }] },
        { text: ["half ", "an answer"], stallAfterChunks: 1 },
        { text: "whole" },
      );
      const draft = {
        model: "drafted-model",
        tools_config: { deny: ["write_file"] },
        files: { "SOUL.md": "Speak like a poet." },
      };
      const { id } = await site.call("POST", `/v1/agents/${AGENT}/runs`, { input: "go", draft });
      while (model.requests.length < 2) await Bun.sleep(20);
      first.signal("SIGKILL");
      await first.exited;

      const next = await startReadyServer(site);
      onTestFinished(async () => {
        next.signal("SIGKILL");
        await next.exited;
        await model.stop();
        await site.remove();
      });
      const read = () => site.call("GET", `/v1/runs/${id}`);
      while (OPEN.includes((await read()).status)) await Bun.sleep(20);
      expect(await read()).toMatchObject({ status: "completed", output: "whole", attempt: 2, model: "drafted-model" });
      expect(model.requests).toHaveLength(3);
      for (const { body } of model.requests) {
        const sent = JSON.stringify(body);
        expect(body.model).toBe("drafted-model");
        expect(sent).toContain("Speak like a poet.");
        expect(sent).toContain("datetime");
        expect(sent).not.toContain('"write_file"');
      }
      expect((await site.call("GET", `/v1/agents/${AGENT}`)).model).toBe("test-model");
    },
    TIMEOUT,
  );
});
