import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { NODES_AGENT, startTwoNodes, type TwoNodes } from "#testing/nodes/start-two-nodes.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("two gateways on one %s", () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes();
    const [own, shared] = [nodes.second, nodes.first].map(({ site }) => join(site.home, "media"));
    rmSync(own ?? "", { recursive: true });
    symlinkSync(shared ?? "", own ?? "");
  }, TIMEOUT);
  afterAll(() => nodes.stop());

  /** Runs the agent at the second gateway until its prompt is as expected. Returns that prompt. */
  async function untilPrompt(isExpected: (prompt: string) => boolean): Promise<string> {
    for (;;) {
      nodes.model.enqueue({ text: "done" });
      await nodes.second.call("POST", `/v1/agents/${NODES_AGENT}/wake`, { message: "hello" });
      const prompt = nodes.model.requests.at(-1)?.messages[0]?.text ?? "";
      if (isExpected(prompt)) return prompt;
      await Bun.sleep(20);
    }
  }

  test(
    "a skill that one of them stored is listed and loaded by a run of the other, until it is switched off",
    async () => {
      await untilPrompt((prompt) => prompt.includes("- data-summary:"));
      const { site } = nodes.first;
      const headers = { Authorization: `Bearer ${site.env.GOCLAW_GATEWAY_TOKEN}`, "X-GoClaw-User-Id": "ada" };
      const body = toUpload(aSkillZip({ name: "far", body: "From afar" }, { "a.md": "text" }));
      expect((await fetch(`${site.url}/v1/skills/upload`, { method: "POST", headers, body })).status).toBe(201);
      await nodes.first.call("PUT", "/v1/skills/far", { visibility: "public" });
      await untilPrompt((prompt) => prompt.includes("- far:"));
      nodes.model.enqueue({ toolCalls: [{ name: "use_skill", arguments: { name: "far" } }] }, { text: "done" });
      await nodes.second.call("POST", `/v1/agents/${NODES_AGENT}/wake`, { message: "hello" });
      expect(nodes.model.requests.at(-1)?.toolResults[0]).toContain("From afar");
      expect(nodes.model.requests.at(-1)?.toolResults[0]).toContain(nodes.second.site.home);
      await nodes.first.call("POST", "/v1/skills/far/toggle", { enabled: false });
      await nodes.first.call("POST", "/v1/skills/data-summary/toggle", { enabled: false });
      const prompt = await untilPrompt((text) => !text.includes("- far:") && !text.includes("- data-summary:"));
      expect(prompt).toContain("- research-report:");
    },
    TIMEOUT,
  );
});
