import { describe, expect, onTestFinished, test } from "bun:test";
import { openSiteDatabase } from "#testing/crash/read-records.ts";
import { createAgent } from "#testing/create-agent.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const AGENT = "doomed";

describe.each([...testDialects()])("a run whose process died on %s", (dialect) => {
  /**
   * Kills a gateway while its model streams the second answer, after the spans of the first are stored. Starts it
   * again.
   */
  const killDuringSecondAnswer = async () => {
    const model = await startModelServer();
    const env = { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` };
    const site = await createServerSite(dialect, env);
    const database = openSiteDatabase(site);
    const server = await startReadyServer(site);
    await createAgent(site, { modelUrl: model.url, agent: AGENT });
    const write = { name: "write_file", arguments: { path: "a", content: "b" } };
    model.enqueue(
      { toolCalls: [write], usage: { input: 70, output: 7 } },
      { text: ["half ", "an answer"], stallAfterChunks: 1 },
    );
    const type = "application/json";
    const headers = { Authorization: `Bearer ${site.token()}`, "Content-Type": type, Accept: type };
    const body = JSON.stringify({ message: "go" });
    const request = { method: "POST", headers, body, keepalive: false };
    const response = fetch(`${site.url}/v1/agents/${AGENT}/wake`, request).catch(() => "broken off");

    const { read } = database.system("the test looks at everything, and writes nothing");
    const spans = () => read.selectFrom("spans").selectAll().orderBy("id").execute();
    while ((await spans()).length < 2 || model.requests.length < 2) await Bun.sleep(20);
    server.signal("SIGKILL");
    expect(await Promise.all([response, server.exited])).toEqual(["broken off", null]);

    const next = await startReadyServer(site);
    onTestFinished(async () => {
      next.signal("SIGKILL");
      await next.exited;
      await database.close();
      await model.stop();
      await site.remove();
    });
    const get = async (path: string) => (await fetch(site.url + path, { headers, keepalive: false })).json();
    return { spans, get, model };
  };

  test(
    "ends as failed with a reason, and no event or span claims a completion that did not happen",
    async () => {
      const { spans, get, model } = await killDuringSecondAnswer();
      const newest = async () => ((await get("/v1/runs")) as { runs: { status: string; id: string }[] }).runs[0];
      while ((await newest())?.status === "running") await Bun.sleep(20);
      const run = await newest();
      expect(run).toMatchObject({
        status: "failed",
        error: { code: "UNAVAILABLE", retryable: true, details: { reason: "interrupted" } },
        usage: { input_tokens: 70, output_tokens: 7 },
        ended_at: expect.any(String),
      });
      expect(model.requests).toHaveLength(2);
      const { traces } = (await get("/v1/traces")) as { traces: object[] };
      expect(traces).toMatchObject([
        { id: run?.id ?? "", status: "error", total_input_tokens: 70, llm_call_count: 1, tool_call_count: 1 },
      ]);
      const { trace, spans: shown } = (await get(`/v1/traces/${run?.id}`)) as { trace: object; spans: object[] };
      expect([trace, shown[0]]).toMatchObject([
        { end_time: expect.any(String) },
        { span_type: "agent", status: "error" },
      ]);
      const { current } = (await get("/v1/usage/summary")) as { current: object };
      expect(current).toMatchObject({ requests: 1, errors: 1, input_tokens: 70, llm_calls: 1, tool_calls: 1 });
      const { events } = (await get(`/v1/runs/${run?.id}/events`)) as { events: { type: string }[] };
      expect(events.filter(({ type }) => /^run\.(completed|failed|cancelled)$/.test(type))).toMatchObject([
        { type: "run.failed" },
      ]);
      expect(await spans()).toMatchObject([
        { span_type: "llm_call", status: "completed", input_tokens: 70, output_tokens: 7 },
        { span_type: "tool_call", status: "completed", tool_name: "write_file" },
      ]);
    },
    TIMEOUT,
  );
});
