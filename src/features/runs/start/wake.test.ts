import { afterAll, describe, expect, test } from "bun:test";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("waking an agent on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const wake = (agent: string, body: unknown, options: CallOptions = {}) =>
    call("POST", `/v1/agents/${agent}/wake`, body, options);

  test.each([...WIRES])("waits for the answer of a model of the $wire format", async ({ wire }) => {
    model.enqueue({ text: ["Good ", "morning"], usage: { input: 9, output: 4 } });
    const { status, body } = await wake(wire, { message: "hello" });
    expect(status).toBe(200);
    expect(body).toEqual({
      content: "Good morning",
      run_id: body.run_id,
      session_key: body.session_key,
      usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
    });
    expect(body.session_key).toMatch(new RegExp(`^agent:${wire}:wake-[0-9a-f]{8}$`));
    expect(await gateway.waitForEnd(body.run_id)).toMatchObject({
      kind: "wake",
      status: "completed",
      finish: "stop",
      agent_key: wire,
      user_id: "ada",
      output: "Good morning",
      input_preview: "hello",
      usage: { input_tokens: 9, output_tokens: 4 },
    });
  });

  test("the agent's tools run, and the last text is the answer", async () => {
    model.enqueue({ text: "Let me see.", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "Noon." });
    expect((await wake("openai", { message: "when?" })).body.content).toBe("Noon.");
  });

  test("an id works like a key, and metadata stays with the run", async () => {
    const { body: agent } = await call("GET", "/v1/agents/openai");
    const { body } = await wake(agent.id, { message: "hello", metadata: { ticket: 7 } });
    expect(await gateway.waitForEnd(body.run_id)).toMatchObject({ agent_id: agent.id, metadata: { ticket: 7 } });
  });

  test("a named session continues", async () => {
    const session_key = `nightly-${dialect}`;
    await wake("openai", { message: "one", session_key });
    expect((await wake("openai", { message: "two", session_key })).body.session_key).toBe(session_key);
    expect(gateway.lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "two"]);
  });

  test("the user of the body is the run's, unless the key is bound", async () => {
    const { body } = await wake("openai", { message: "hi", user_id: "carl" });
    expect((await gateway.waitForEnd(body.run_id)).user_id).toBe("carl");
    const bound = await aKey(gateway, ["write"], { owner_id: "ada" });
    const answer = await wake("openai", { message: "hi", user_id: "carl" }, { bearer: bound.bearer, user: "eve" });
    expect((await gateway.waitForEnd(answer.body.run_id)).user_id).toBe("ada");
  });

  test.each([
    ["message", {}],
    ["message", { message: "" }],
    ["message", { message: 5 }],
    ["session_key", { message: "hi", session_key: "a\nb" }],
    ["user_id", { message: "hi", user_id: "a\u0000" }],
    ["metadata", { message: "hi", metadata: [] }],
    ["on_busy", { message: "hi", on_busy: "wait" }],
  ])("a wrong %s is refused by its name (%#)", async (field, body) => {
    const { status, body: answer } = await wake("openai", body);
    expect([status, answer.error.code, answer.error.details.field]).toEqual([400, "INVALID_REQUEST", field]);
  });

  test.each([null, ""])("%p in optional fields means that they are not given", async (empty) => {
    const options = { session_key: empty, user_id: empty, on_busy: empty, metadata: empty };
    const { status, body } = await wake("openai", { message: "hi", ...options });
    expect([status, (await gateway.waitForEnd(body.run_id)).user_id]).toEqual([200, "ada"]);
    expect((await gateway.call("POST", "/v1/agents/openai/runs", { input: "hi", ...options })).status).toBe(202);
    for (const list of ["/v1/sessions", "/v1/runs"]) {
      const { total } = (await gateway.call("GET", list)).body;
      expect((await gateway.call("GET", `${list}?agent_id=&user_id=&limit=`)).body.total).toBe(total);
    }
  });

  test("an agent that is unknown in the tenant is not found; a caller without access is refused", async () => {
    expect((await wake("nobody", { message: "hi" })).status).toBe(404);
    const tenant = `other-${dialect}`;
    await aTenant(gateway, tenant);
    const stranger = await aKey(gateway, ["admin"], { tenant });
    expect((await wake("openai", { message: "hi" }, { bearer: stranger.bearer })).status).toBe(404);
    const writer = await aKey(gateway, ["write"]);
    expect((await wake("openai", { message: "hi" }, { bearer: writer.bearer, user: "eve" })).status).toBe(403);
  });

  test("a read-only key cannot wake an agent", async () => {
    const reader = await aKey(gateway, ["read"]);
    expect((await wake("openai", { message: "hi" }, { bearer: reader.bearer })).status).toBe(403);
  });

  test("an agent that was switched off cannot run", async () => {
    const name = await gateway.anAgent("openai", { status: "inactive" });
    const { status, body } = await wake(name, { message: "hi" });
    expect([status, body.error.details.reason]).toEqual([409, "agent_inactive"]);
  });

  test("an agent whose provider does not exist reports that", async () => {
    const name = await gateway.anAgent("openai", { provider: "gone" });
    const { status, body } = await wake(name, { message: "hi" });
    expect([status, body.error.details.reason]).toEqual([409, "provider_not_found"]);
  });

  test("a failing provider is reported as unavailable, also in the run", async () => {
    const session_key = `failing-${dialect}`;
    model.enqueue({ status: 500 });
    const { status, body, headers } = await wake("openai", { message: "hi", session_key });
    expect([status, body.error.code, headers.get("retry-after")]).toEqual([503, "UNAVAILABLE", "5"]);
    const { runs } = (await call("GET", `/v1/runs?session_key=${session_key}`)).body;
    expect(runs[0]).toMatchObject({ status: "failed", error: { code: "UNAVAILABLE", retryable: true } });
  });

  test("an agent that never stops calling tools is stopped", async () => {
    const name = await gateway.anAgent("openai", { max_tool_iterations: 2 });
    const again = { toolCalls: [{ name: "datetime", arguments: {} }] };
    model.enqueue(again, again);
    const { status, body } = await wake(name, { message: "hi" });
    expect([status, body.error.details.reason]).toEqual([409, "max_iterations"]);
  });
});

describe("a gateway with a run limit of one second", async () => {
  const gateway = await startChatGateway({ env: { GOCLAW_RUNS_TIMEOUT_SECONDS: "1" } });
  afterAll(() => gateway.stop());

  test("a run that takes longer is a timeout, and its call is aborted", async () => {
    const call = gateway.model.manual();
    const { status, body } = await gateway.call("POST", "/v1/agents/openai/wake", { message: "hi" });
    expect([status, body.error.code, body.error.retryAfterMs]).toEqual([504, "AGENT_TIMEOUT", 1_000]);
    await call.aborted;
  });
});
