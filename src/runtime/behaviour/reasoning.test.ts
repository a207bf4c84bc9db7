import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the reasoning effort of a model on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env: { GOCLAW_MODELS_MAX_ATTEMPTS: "1" } });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());

  const aProvider = async (name: string, effort?: string) => {
    const settings = effort === undefined ? {} : { reasoning_defaults: { effort } };
    const provider = {
      name,
      provider_type: "openai_compat",
      api_base: `${model.url}/v1`,
      api_key: "sk-test",
      settings,
    };
    await call("POST", "/v1/providers", provider);
    return name;
  };
  /** Returns the reasoning effort of each model call. */
  const effortsOf = async (agent: string, request: object = {}) => {
    const before = model.requests.length;
    const messages = [{ role: "user", content: "hi" }];
    await call("POST", "/v1/chat/completions", { model: `goclaw:${agent}`, messages, ...request });
    return model.requests.slice(before).map(({ body }) => body.reasoning_effort);
  };

  test("is the provider's default if neither the agent nor the caller sets one", async () => {
    const provider = await aProvider("thoughtful", "high");
    const agent = await gateway.anAgent("openai", { provider, model: "m" });
    expect(await effortsOf(agent)).toEqual(["high"]);
    expect(await effortsOf(agent, { reasoning_effort: "low" })).toEqual(["low"]);
  });

  test("is the agent's own level, or nothing if that is off", async () => {
    const provider = await aProvider("eager", "high");
    const settled = await gateway.anAgent("openai", { provider, model: "m", thinking_level: "medium" });
    expect(await effortsOf(settled)).toEqual(["medium"]);
    const off = await gateway.anAgent("openai", { provider, model: "m", thinking_level: "off" });
    expect(await effortsOf(off)).toEqual([undefined]);
  });

  test("follows the provider that answers", async () => {
    const provider = await aProvider("first", "high");
    const candidates = [{ provider: await aProvider("second", "low"), model: "m" }];
    const agent = await gateway.anAgent("openai", {
      provider,
      model: "m",
      model_fallback: { enabled: true, candidates },
    });
    const replies = [{ status: 500 }];
    model.script(() => replies.shift() ?? { text: "well" });
    expect(await effortsOf(agent)).toEqual(["high", "low"]);
  });

  test("changes with the provider's defaults", async () => {
    const agent = await gateway.anAgent("openai", { provider: await aProvider("changing", "auto"), model: "m" });
    expect(await effortsOf(agent)).toEqual([undefined]);
    const { body } = await call("GET", "/v1/providers", undefined);
    const { id } = body.providers.find(({ name }: { name: string }) => name === "changing");
    await call("PUT", `/v1/providers/${id}`, { settings: { reasoning_defaults: { effort: "low" } } });
    expect(await effortsOf(agent)).toEqual(["low"]);
  });
});
