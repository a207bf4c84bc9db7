import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const env = { GOCLAW_MODELS_MAX_ATTEMPTS: "3" };

describe.each([...testDialects()])("a model call that fails on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let providers = 0;
  /** Creates a provider without a history of calls, so earlier failures do not affect a test. */
  const aProvider = async (provider_type = "openai_compat"): Promise<string> => {
    const name = `p${++providers}`;
    await call("POST", "/v1/providers", { name, provider_type, api_base: `${model.url}/v1`, api_key: "sk-test" });
    return name;
  };
  const anAgent = async (settings: object = {}) => {
    const provider = await aProvider();
    return { provider, agent: await gateway.anAgent("openai", { provider, model: "first", ...settings }) };
  };
  const withFallback = (provider: string, fallback = "second", options: object = {}) => ({
    model_fallback: { enabled: true, candidates: [{ provider, model: fallback }], ...options },
  });
  const wake = async (agent: string, replies: readonly ModelReply[]) => {
    const before = model.requests.length;
    const remaining = [...replies];
    model.script(() => remaining.shift() ?? { text: "well" });
    const { status, body } = await call("POST", `/v1/agents/${agent}/wake`, { message: "hi" });
    const models = model.requests.slice(before).map(({ body: { model: name } }) => name as string);
    return { status, body, models };
  };
  const spansOf = async (runId: string) => {
    const flushed = async () =>
      gateway.gateway.database
        .forTenant(MASTER_TENANT_ID)
        .read.selectFrom("spans")
        .select(["model", "status", "error", "input_tokens"])
        .where("run_id", "=", runId)
        .orderBy("id")
        .execute();
    for (let spans = await flushed(); ; spans = await flushed()) {
      if (spans.some(({ status }) => status === "completed")) return spans;
      await Bun.sleep(20);
    }
  };

  test.each([429, 500, 502, 503, 504, 529])("with status %p is tried at most three times", async (status) => {
    const { agent } = await anAgent();
    const mended = await wake(agent, [{ status }, { status }]);
    expect([mended.status, mended.body.content]).toEqual([200, "well"]);
    expect(mended.models).toEqual(["first", "first", "first"]);
    const failed = await wake(agent, [{ status }, { status }, { status }]);
    expect(failed.status).toBe(status === 429 ? 429 : 503);
    expect(failed.models).toHaveLength(3);
  });

  test.each([400, 401, 402, 403, 404])("with status %p is not repeated", async (status) => {
    const { agent } = await anAgent();
    const { status: answered, models } = await wake(agent, [{ status }]);
    expect(answered).toBe(status === 400 ? 400 : 409);
    expect(models).toHaveLength(1);
  });

  test.each([429, 503])("with status %p and a long Retry-After is not made again before it is over", async (status) => {
    const busy = { status, headers: { "retry-after": "90" } };
    const { agent } = await anAgent();
    expect(await wake(agent, [busy])).toMatchObject({ status, models: ["first"] });
    const early = await wake(agent, []);
    expect(early).toMatchObject({ status, models: [], body: { error: { retryable: true } } });
    expect(early.body.error.retryAfterMs).toBeWithin(1_000, 90_001);

    const provider = await aProvider();
    const backed = await gateway.anAgent("openai", { provider, model: "first", ...withFallback(provider) });
    expect(await wake(backed, [busy])).toMatchObject({ status: 200, models: ["first", "second"] });
    expect(await wake(backed, [])).toMatchObject({ status: 200, models: ["second"] });
  });

  test("has a span for each attempt, and counts only the usage of the one that answered", async () => {
    const { agent } = await anAgent();
    const { body } = await wake(agent, [{ status: 500 }, { text: "ok", usage: { input: 10, output: 2 } }]);
    expect(body.usage).toEqual({ prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 });
    expect(await spansOf(body.run_id)).toMatchObject([
      { model: "first", status: "error", error: "server_error: scripted failure", input_tokens: 0 },
      { model: "first", status: "completed", error: null, input_tokens: 10 },
    ]);
  });

  test("counts the usage that a failed attempt reported", async () => {
    const provider = await aProvider("anthropic_native");
    const agent = await gateway.anAgent("anthropic", { provider, model: "first" });
    const begun = {
      type: "message_start",
      message: { id: "m", role: "assistant", usage: { input_tokens: 40, output_tokens: 1 } },
    };
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    const raw = [begun, error].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    const { body, models } = await wake(agent, [{ raw }, { text: "ok", usage: { input: 10, output: 2 } }]);
    expect(models).toHaveLength(2);
    const { usage } = (await call("GET", `/v1/runs/${body.run_id}`)).body;
    const records = await gateway.gateway.database
      .forTenant(MASTER_TENANT_ID)
      .read.selectFrom("usage_records")
      .select("input_tokens")
      .where("run_id", "=", body.run_id)
      .execute();
    expect(records.map(({ input_tokens }) => input_tokens).sort()).toEqual([10, 40]);
    expect(usage).toMatchObject({ input_tokens: 50, output_tokens: 3 });
    expect(await spansOf(body.run_id)).toMatchObject([
      { status: "error", error: "overloaded: Overloaded", input_tokens: 40 },
      { status: "completed", error: null, input_tokens: 10 },
    ]);
  });

  test("is repeated soon if the provider asks for a short wait, and not if it asks for a long one", async () => {
    const { agent } = await anAgent();
    const soon = await wake(agent, [{ status: 429, headers: { "retry-after-ms": "5" } }]);
    expect([soon.status, soon.models.length]).toEqual([200, 2]);
    const late = await wake(agent, [{ status: 429, headers: { "retry-after": "60" } }]);
    expect([late.status, late.models.length, late.body.error.retryAfterMs]).toEqual([429, 1, 60_000]);
  });

  test("is repeated after the wait that the provider names only in words or in the headers of its limits", async () => {
    const { agent } = await anAgent();
    for (const wait of [{ text: "Please try again in 5ms." }, { headers: { "x-ratelimit-reset-requests": "5ms" } }]) {
      const soon = await wake(agent, [{ status: 429, ...wait }]);
      expect([soon.status, soon.models.length]).toEqual([200, 2]);
    }
    const late = await wake(agent, [{ status: 503, text: "Please try again in 1m0.5s." }]);
    expect([late.status, late.models.length, late.body.error.retryAfterMs]).toEqual([503, 1, 60_500]);
  });

  test.each([
    ["refuses the gateway's key", { status: 401 }, 1],
    ["does not know the model", { status: 404 }, 1],
    ["asks for payment", { status: 402 }, 1],
    ["is down", { status: 500 }, 3],
    ["asks for a long wait", { status: 429, headers: { "retry-after": "60" } }, 1],
    ["refuses the request", { status: 400 }, 1],
  ] as const)("is answered by a fallback if the first provider %s", async (_, reply, tries) => {
    const second = await aProvider();
    const { agent } = await anAgent(withFallback(second));
    const { status, body, models } = await wake(agent, Array(tries).fill(reply));
    expect([status, body.content]).toEqual([200, "well"]);
    expect(models).toEqual([...Array(tries).fill("first"), "second"]);
    const { usage } = (await call("GET", `/v1/runs/${body.run_id}`)).body;
    expect(usage.input_tokens).toBeGreaterThan(0);
  });

  test("gets no fallback after text was streamed", async () => {
    const second = await aProvider();
    const { agent } = await anAgent(withFallback(second));
    const { status, models } = await wake(agent, [{ text: ["so ", "far"], cutAfterChunks: 1 }]);
    expect(status).toBe(503);
    expect(models).toEqual(["first"]);
  });

  test("makes later calls skip the failed provider, unless the agent disables that", async () => {
    const second = await aProvider();
    const { provider, agent } = await anAgent(withFallback(second));
    expect((await wake(agent, [{ status: 401 }])).models).toEqual(["first", "second"]);
    expect((await wake(agent, [])).models).toEqual(["second"]);
    const settings = { provider, model: "first", ...withFallback(second, "second", { cooldown_enabled: false }) };
    const stubborn = await gateway.anAgent("openai", settings);
    expect((await wake(stubborn, [])).models).toEqual(["first"]);
  });

  test.each([
    ["one request", 404, "No endpoints found that support image input", ["first"], ["third"]],
    ["one request to a firewall", 403, undefined, ["first"], ["third"]],
    ["one model", 403, "Project does not have access to model `first`", ["second"], ["third"]],
    ["a model without access in words of a 401", 401, "key not allowed to access model", ["second"], ["third"]],
    ["the key", 403, "This API key was disabled", ["second"], ["second"]],
    ["the whole address", 404, undefined, ["second"], ["second"]],
  ] as const)("that refused %s with %p cools down no more than that", async (_, status, text, same, other) => {
    const second = await aProvider();
    const { provider, agent } = await anAgent(withFallback(second));
    const third = await gateway.anAgent("openai", { provider, model: "third", ...withFallback(second) });
    const reply = text === undefined ? { status, body: "<html>page</html>" } : { status, text };
    expect((await wake(agent, [reply])).models).toEqual(["first", "second"]);
    expect((await wake(agent, [])).models).toEqual([...same]);
    expect((await wake(third, [])).models).toEqual([...other]);
  });

  test.each([
    [404, "<html>page</html>", 409, "provider_wrong_path", "/v1"],
    [400, { error: { message: "the model `first` has been decommissioned" } }, 409, "provider_model_retired", "first"],
    [
      404,
      { error: { message: 'model "first" not found, try pulling it first' } },
      409,
      "provider_model_not_loaded",
      "first",
    ],
    [403, { error: { message: "no access to this model" } }, 409, "provider_auth", "credentials"],
    [400, { error: { message: "Image input is not enabled" } }, 400, "provider_input_unsupported", "image"],
  ])("with status %p and %j tells its cause", async (status, body, answered, reason, words) => {
    const { agent } = await anAgent();
    const { status: told, body: answer } = await wake(agent, [{ status, body }]);
    expect([told, answer.error.details.reason]).toEqual([answered, reason]);
    expect(answer.error.message).toContain(words);
  });

  test("skips a fallback whose provider does not exist, and reports the last failure", async () => {
    const { agent } = await anAgent(withFallback("nobody"));
    const { status, body } = await wake(agent, [{ status: 401 }]);
    expect([status, body.error.details.reason]).toEqual([409, "provider_not_found"]);
    const second = await aProvider();
    const orphan = await gateway.anAgent("openai", { provider: "nobody", model: "first", ...withFallback(second) });
    expect((await wake(orphan, [])).models).toEqual(["second"]);
  });

  test("opens the circuit of its provider after five failures in a row, for its tenant only", async () => {
    const { provider, agent } = await anAgent();
    const down = Array<ModelReply>(3).fill({ status: 503 });
    for (let runs = 0; runs < 5; runs++) expect((await wake(agent, down)).models).toHaveLength(3);
    const { status, body, models } = await wake(agent, []);
    expect([status, body.error.details.reason, models]).toEqual([503, "provider_circuit_open", []]);
    expect(body.error.retryAfterMs).toBeGreaterThan(0);
    expect(body.error.retryable).toBe(true);

    const fallback = await aProvider();
    const other = await gateway.anAgent("openai", { provider, model: "first", ...withFallback(fallback) });
    expect((await wake(other, [])).models).toEqual(["second"]);

    const tenant = await call("POST", "/v1/tenants", { name: "Other", slug: "other" }, { user: "system" });
    const theirs = { headers: { "X-GoClaw-Tenant-Id": tenant.body.id } };
    const settings = { name: provider, provider_type: "openai_compat", api_base: `${model.url}/v1` };
    await call("POST", "/v1/providers", settings, theirs);
    await call("POST", "/v1/agents", { agent_key: "theirs", provider, model: "first" }, theirs);
    model.script(() => ({ text: "well" }));
    const answer = await call("POST", "/v1/agents/theirs/wake", { message: "hi" }, theirs);
    expect([answer.status, answer.body.content]).toEqual([200, "well"]);
  });
});
