import { afterAll, describe, expect, test } from "bun:test";
import { createAgent } from "#testing/create-agent.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

const TIMEOUT = 30_000;

describe.each([...testDialects()])("a run that loses the right to go on, on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { model, call, eventsOf, waitForEnd } = gateway;
  afterAll(() => gateway.stop());

  const anAgent = async (agent: string) => {
    await createAgent(gateway, { modelUrl: model.url, agent });
    return `/v1/agents/${agent}`;
  };
  const datetime = { name: "datetime", arguments: {} };
  /** Starts a run of a user. Its model is answering. */
  const begin = async (path: string, user: string) => {
    const answering = model.manual();
    const { id } = (await call("POST", `${path}/runs`, { input: "go" }, { user })).body;
    await answering.arrived;
    return { id, answering, before: model.requests.length };
  };
  const typesOf = async (id: string) => (await eventsOf(id)).map(({ type }) => type);

  test(
    "runs no tool and calls no model after its agent was switched off, and says why",
    async () => {
      const path = await anAgent("switched");
      const { id, answering, before } = await begin(path, TEST_USER);
      await call("PUT", path, { status: "inactive" });
      await answering.toolCall(datetime);
      await answering.finish();
      expect(await waitForEnd(id)).toMatchObject({
        status: "failed",
        error: { code: "FAILED_PRECONDITION", details: { reason: "agent_inactive" } },
      });
      expect(model.requests).toHaveLength(before);
      const steps = (await eventsOf(id)).flatMap((event) => (event.type === "tool.result" ? [event] : []));
      expect(steps).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    "runs no further tool of a turn after its agent was switched off meanwhile",
    async () => {
      const path = await anAgent("between");
      const write = (index: number) => ({ name: "write_file", arguments: { path: "n", content: `${index}` } });
      model.enqueue({ toolCalls: Array.from({ length: 100 }, (_, index) => write(index)) });
      const { id } = (await call("POST", `${path}/runs`, { input: "go" })).body;
      while (!(await typesOf(id)).includes("tool.result")) await Bun.sleep(1);
      await call("PUT", path, { status: "inactive" });
      expect(await waitForEnd(id)).toMatchObject({ error: { details: { reason: "agent_inactive" } } });
      const results = (await typesOf(id)).filter((type) => type === "tool.result");
      expect(results.length).toBeLessThan(100);
    },
    TIMEOUT,
  );

  test(
    "stops after its agent is no longer shared with its user, whose earlier run went on",
    async () => {
      const path = await anAgent("borrowed");
      await call("POST", `${path}/shares`, { user_id: "bob", role: "user" });
      const first = await begin(path, "bob");
      await first.answering.toolCall(datetime);
      await first.answering.finish();
      expect(await waitForEnd(first.id)).toMatchObject({ status: "completed" });

      const { id, answering } = await begin(path, "bob");
      const own = await begin(path, TEST_USER);
      await call("DELETE", `${path}/shares/bob`);
      for (const open of [answering, own.answering]) {
        await open.toolCall(datetime);
        await open.finish();
      }
      expect(await waitForEnd(id)).toMatchObject({
        status: "failed",
        error: { code: "FAILED_PRECONDITION", details: { reason: "agent_access_revoked" } },
      });
      expect(await waitForEnd(own.id)).toMatchObject({ status: "completed" });
    },
    TIMEOUT,
  );
});
