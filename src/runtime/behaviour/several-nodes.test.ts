import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, rmSync } from "node:fs";
import { NODES_AGENT, startTwoNodes, type TwoNodes } from "#testing/nodes/start-two-nodes.ts";
import { createSecondSite, startServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("two gateways on one %s", () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes();
  }, TIMEOUT);
  afterAll(() => nodes.stop());

  const runOf = async (id: string) =>
    (await (await nodes.second.call("GET", `/v1/runs/${id}`)).json()) as {
      status: string;
      output?: string;
      attempt: number;
    };
  const waitForEnd = async (id: string) => {
    let run = await runOf(id);
    for (; ["queued", "running"].includes(run.status); run = await runOf(id)) await Bun.sleep(20);
    return run;
  };
  const start = async (input: string, extra: object = {}) => {
    const response = await nodes.first.call("POST", `/v1/agents/${NODES_AGENT}/runs`, { input, ...extra });
    return ((await response.json()) as { id: string }).id;
  };

  test(
    "a run is cancelled through the gateway that does not work on it",
    async () => {
      const call = nodes.model.manual();
      const id = await start("go");
      await call.arrived;
      await call.send("half");
      expect((await nodes.second.call("POST", `/v1/runs/${id}/cancel`)).status).toBe(200);
      await call.aborted;
      expect(await waitForEnd(id)).toMatchObject({ status: "cancelled" });
    },
    TIMEOUT,
  );

  test(
    "a run is interrupted by a message that reaches the other gateway, whose run follows",
    async () => {
      const session_key = `agent:${NODES_AGENT}:interrupted`;
      const call = nodes.model.manual();
      const id = await start("go", { session_key });
      await call.arrived;
      const body = { input: "stop that", session_key, on_busy: "interrupt" };
      const response = await nodes.second.call("POST", `/v1/agents/${NODES_AGENT}/runs`, body);
      const next = ((await response.json()) as { id: string }).id;
      await call.aborted;
      expect(await waitForEnd(id)).toMatchObject({ status: "cancelled" });
      expect(await waitForEnd(next)).toMatchObject({ status: "completed", output: "echo: stop that" });
    },
    TIMEOUT,
  );

  test(
    "a waiting run that the other gateway cancels ends for those who follow it here",
    async () => {
      const session_key = `agent:${NODES_AGENT}:waiting`;
      const call = nodes.model.manual();
      const first = await start("one", { session_key });
      await call.arrived;
      const second = await start("two", { session_key });
      const events = await nodes.first.call("GET", `/v1/runs/${second}/events`);
      expect((await nodes.second.call("POST", `/v1/runs/${second}/cancel`)).status).toBe(200);
      expect(await events.text()).toContain("run.cancelled");
      await call.finish();
      await waitForEnd(first);
    },
    TIMEOUT,
  );

  test(
    "a third one with a copy of a home is refused in words, and the run of the original goes on",
    async () => {
      const call = nodes.model.manual();
      const id = await start("go");
      await call.arrived;
      const copy = await createSecondSite(nodes.first.site);
      cpSync(nodes.first.site.home, copy.home, { recursive: true });
      const third = startServer(copy);
      expect(await third.exited).toBe(1);
      expect(third.errors()).toContain("Another gateway with the same node-id uses this database");
      rmSync(copy.home, { recursive: true });
      await call.send("well");
      await call.finish();
      expect(await waitForEnd(id)).toMatchObject({ status: "completed", output: "well", attempt: 1 });
    },
    TIMEOUT,
  );
});
