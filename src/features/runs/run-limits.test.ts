import { afterAll, describe, expect, test } from "bun:test";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { createAgent } from "#testing/create-agent.ts";
import { AGENT, inShort, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { Answer } from "#testing/test-gateway.ts";

const TIMEOUT = 30_000;
const messages = [{ role: "user", content: "hi" }];

describe("the time limit of a run", async () => {
  const gateway = await startRunGateway({ env: { GOCLAW_RUNS_TIMEOUT_SECONDS: "1" } });
  const { model } = gateway;
  afterAll(() => gateway.stop());
  const chat = (extra: object = {}) =>
    gateway.call("POST", "/v1/chat/completions", { model: `goclaw:${AGENT}`, messages, ...extra });

  test(
    "ends an answer without streaming with 504",
    async () => {
      model.enqueue({ text: ["never ", "ready"], stallAfterChunks: 1 });
      const { status, body } = await chat();
      expect(status).toBe(504);
      expect(body.error).toMatchObject({ code: "AGENT_TIMEOUT", retryable: true });
      while (!model.requests.at(-1)?.aborted) await Bun.sleep(5);
    },
    TIMEOUT,
  );

  test(
    "ends a stream with a typed error, and keeps what was written",
    async () => {
      model.enqueue({ text: ["never ", "ready"], stallAfterChunks: 1 });
      const { status, text, headers } = await chat({ stream: true });
      expect(status).toBe(200);
      expect(text).toContain('"content":"never "');
      expect(text).toContain('"code":"AGENT_TIMEOUT"');
      expect(text).not.toContain("[DONE]");
      const transcript = await gateway.transcriptOf(headers.get("x-goclaw-session-key") ?? "");
      expect(inShort(transcript)).toEqual(["user: hi", "assistant: never "]);
    },
    TIMEOUT,
  );
});

describe("the model calls that a run may make", async () => {
  const gateway = await startRunGateway({}, { max_tool_iterations: 2 });
  const { model, start, waitForEnd } = gateway;
  afterAll(() => gateway.stop());
  const aCall = { toolCalls: [{ name: "datetime", arguments: {} }] };

  test(
    "the last call is offered no tools, so the model has to answer",
    async () => {
      model.enqueue(aCall, { text: "it is late" });
      const { id } = (await start("what time is it?")).body;
      expect(await waitForEnd(id)).toMatchObject({ status: "completed", output: "it is late" });
      const [first, last] = model.requests.slice(-2);
      expect(first?.body.tools.length).toBeGreaterThan(0);
      expect(last?.body.tool_choice ?? "none").toBe("none");
    },
    TIMEOUT,
  );

  test(
    "text next to calls that the model may not make counts as the answer",
    async () => {
      model.enqueue(aCall, { text: "late", ...aCall });
      const { id, session_key } = (await start("what time is it?")).body;
      expect(await waitForEnd(id)).toMatchObject({ status: "completed", output: "late", finish: "stop" });
      expect(inShort(await gateway.transcriptOf(session_key)).at(-1)).toBe("assistant: late");
    },
    TIMEOUT,
  );

  test(
    "the run ends if the model only makes calls that it may not make",
    async () => {
      model.enqueue(aCall, aCall);
      const { id, session_key } = (await start("what time is it?")).body;
      expect(await waitForEnd(id)).toMatchObject({
        status: "failed",
        error: { code: "FAILED_PRECONDITION", details: { reason: "max_iterations" } },
      });
      const roles = (await gateway.transcriptOf(session_key)).map(({ role }) => role);
      expect(roles).toEqual(["user", "assistant", "tool", "system"]);
    },
    TIMEOUT,
  );
});

describe.each([...testDialects()])("runs that wait for a free slot on %s", async (dialect) => {
  const env = { GOCLAW_RUNS_MAX_CONCURRENT: "1", GOCLAW_RUNS_MAX_WAITING: "2" };
  const gateway = await startRunGateway({ dialect, env });
  const { call, model, start, waitForEnd } = gateway;
  afterAll(() => gateway.stop());

  test(
    "start in order, and a run beyond the limit is refused until a slot is free",
    async () => {
      const upstream = model.manual();
      const first = await start("one");
      await upstream.arrived;
      const waiting = [await start("two"), await start("three")];
      const refused = await start("four");
      expect([refused.status, refused.body.error.code, refused.body.error.details.reason]).toEqual([
        429,
        "RESOURCE_EXHAUSTED",
        "too_many_runs",
      ]);
      expect(refused.body.error.retryable).toBe(true);
      const chat = { model: `goclaw:${AGENT}`, messages };
      expect((await call("POST", "/v1/chat/completions", chat)).status).toBe(429);

      model.script(() => ({ text: "well" }));
      await upstream.send("well");
      await upstream.finish();
      const ends = [];
      for (const { body } of [first, ...waiting]) ends.push(await waitForEnd(body.id));
      expect(ends.map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
      expect(model.requests.map(({ lastUserText }) => lastUserText)).toEqual(["one", "two", "three"]);
      expect((await call("POST", "/v1/chat/completions", chat)).status).toBe(200);
    },
    TIMEOUT,
  );
});

describe.each([...testDialects()])("tenants that share the slots on %s", (dialect) => {
  const HANGS = "hang";

  /** Starts a gateway with four slots and six waiting places, whose model hangs when it is asked to. */
  async function startShared() {
    const env = { GOCLAW_RUNS_MAX_CONCURRENT: "4", GOCLAW_RUNS_MAX_WAITING: "6" };
    const gateway = await startRunGateway({ dialect, env });
    const { model } = gateway;
    model.script(({ lastUserText }) =>
      lastUserText.startsWith(HANGS) ? { text: ["so ", "far"], stallAfterChunks: 1 } : { text: "well" },
    );
    await aTenant(gateway, "bea");
    const bea = await aKey(gateway, ["admin"], { tenant: "bea" });
    await createAgent({ url: gateway.url, token: bea.bearer }, { modelUrl: model.url, agent: AGENT });
    const begun = () => model.requests.map(({ lastUserText }) => lastUserText).filter((text) => text.startsWith(HANGS));
    const untilBegun = async (count: number) => {
      while (begun().length < count) await Bun.sleep(5);
    };
    return { ...gateway, bea, begun, untilBegun };
  }

  test(
    "one tenant has half of them, and its hanging runs delay nobody else",
    async () => {
      const { call, start, bea, begun, untilBegun, stop } = await startShared();
      const started = [];
      for (let run = 1; run <= 5; run++) started.push(await start(`${HANGS} ${run}`));
      expect(started.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
      const refused = await start(`${HANGS} 6`);
      expect([refused.status, refused.body.error.details.reason]).toEqual([429, "too_many_runs"]);
      await untilBegun(2);

      const chat = { model: `goclaw:${AGENT}`, messages, stream: true };
      const answer = await call("POST", "/v1/chat/completions", chat, bea);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain("[DONE]");
      expect(begun()).toHaveLength(2);
      for (const { body } of started.toReversed()) await call("POST", `/v1/runs/${body.id}/cancel`);
      await stop();
    },
    TIMEOUT,
  );

  test(
    "the users of a tenant take turns",
    async () => {
      const { call, start, begun, untilBegun, stop } = await startShared();
      await call("POST", `/v1/agents/${AGENT}/shares`, { user_id: "bob" });
      const first = [await start(`${HANGS} x`), await start(`${HANGS} y`)];
      await untilBegun(2);
      const waiting: Answer[] = [];
      for (const user of ["ada", "ada", "bob"]) {
        const input = `${HANGS} of ${user} ${waiting.length}`;
        waiting.push(await call("POST", `/v1/agents/${AGENT}/runs`, { input }, { user }));
      }
      for (const { body } of first) await call("POST", `/v1/runs/${body.id}/cancel`);
      await untilBegun(4);
      expect(begun().slice(2).toSorted()).toEqual([`${HANGS} of ada 0`, `${HANGS} of bob 2`]);
      for (const { body } of waiting.toReversed()) await call("POST", `/v1/runs/${body.id}/cancel`);
      await stop();
    },
    TIMEOUT,
  );
});
