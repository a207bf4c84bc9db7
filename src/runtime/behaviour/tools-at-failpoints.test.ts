import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FAILPOINTS } from "#base/failpoints.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createAgent } from "#testing/create-agent.ts";
import { ECHO, startMcpServer, textResult } from "#testing/mcp/start-mcp-server.ts";
import { startModelServer } from "#testing/model-server.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { createServerSite, startReadyServer, startServer } from "#testing/server-process.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
const AGENT = "unlucky";
const CALLS = ["use_skill", "mcp_far__echo", "note"];

describe.each([...testDialects()])("a run with a skill, an MCP tool and a custom tool on %s", async (dialect) => {
  const model = await startModelServer();
  const remote = startMcpServer({ list: () => ({ tools: [ECHO] }), call: () => textResult("answer") });
  const site = await createServerSite(dialect, {
    GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port},${remote.host}`,
  });
  let server = await startReadyServer(site);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await Promise.all([model.stop(), remote.stop(), site.remove()]);
  });
  const call = async (method: string, path: string, body?: object | FormData) => {
    const isForm = body instanceof FormData;
    const response = await fetch(site.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${site.token()}`,
        "X-GoClaw-User-Id": "ada",
        ...(body && !isForm && { "Content-Type": "application/json" }),
      },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
      keepalive: false,
    });
    return (await response.json()) as { readonly id: string; readonly status: string; readonly output?: string };
  };
  const agentId = await createAgent(site, { modelUrl: model.url, agent: AGENT });
  const { id: mcp } = await call("POST", "/v1/mcp/servers", {
    name: "far",
    transport: "streamable-http",
    url: remote.url,
  });
  await call("POST", `/v1/mcp/servers/${mcp}/grants/agent`, { agent_id: AGENT });
  const { id: skill } = await call("POST", "/v1/skills/upload", toUpload(aSkillZip({ name: "calm" })));
  await call("POST", `/v1/skills/${skill}/grants/agent`, { agent_id: AGENT });
  await call("POST", "/v1/tools/custom", { name: "note", command: "sh -c 'echo noted >> notes.txt'" });
  const notes = join(site.home, "workspace", MASTER_TENANT_ID, agentId, ownWorkspace("ada"), "notes.txt");
  const countNotes = () => {
    try {
      return readFileSync(notes, "utf8").split("\n").length - 1;
    } catch {
      return 0;
    }
  };
  /** The model calls one tool after the other, whatever has become of the calls before. */
  model.script(({ messages }) => {
    const done = messages
      .slice(messages.findLastIndex(({ role }) => role === "user"))
      .filter(({ role }) => role === "tool");
    const name = CALLS[done.length];
    return name === undefined
      ? { text: "done" }
      : { toolCalls: [{ name, arguments: name === "use_skill" ? { name: "calm" } : {} }] };
  });

  const cases = FAILPOINTS.filter((point) => point !== "step.streaming").flatMap((point) =>
    point.startsWith("call.") ? [1, 2, 3].map((pass) => `${point}:${pass}`) : [point],
  );
  test.each(cases)(
    "ends after a death at %s, and what may happen once happens at most once",
    async (point) => {
      server.signal("SIGTERM");
      await server.exited;
      const [notesBefore, callsBefore] = [countNotes(), remote.calls.length];
      const doomed = startServer(site, { env: { GOCLAW_FAILPOINTS: point } });
      expect(await doomed.isReady()).toBe(true);
      const started = await call("POST", `/v1/agents/${AGENT}/runs`, { input: point }).catch(() => undefined);
      await doomed.exited;

      server = await startReadyServer(site);
      const newest = async () => {
        const { runs } = (await call("GET", "/v1/runs?limit=1")) as unknown as {
          runs: { id: string; status: string; output?: string }[];
        };
        return runs[0];
      };
      let run = await newest();
      for (; run && ["queued", "running"].includes(run.status); run = await newest()) await Bun.sleep(20);
      // The gateway may die before it has answered, or answer that its database is slow.
      if (started?.id) expect(run?.id).toBe(started.id);
      expect(run).toMatchObject({ status: "completed", output: "done" });
      const [noted, called] = [countNotes() - notesBefore, remote.calls.length - callsBefore];
      // A call that was under way at the death is never repeated, so its effect may also be missing.
      const isUnderWay = (pass: number) => point === `call.started:${pass}`;
      expect([called, noted]).toEqual([isUnderWay(2) ? 0 : 1, isUnderWay(3) ? 0 : 1]);
    },
    TIMEOUT,
  );
});
