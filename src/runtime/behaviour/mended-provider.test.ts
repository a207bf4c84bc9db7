import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a provider that failed on %s", async (dialect) => {
  const gateway = await startChatGateway({
    dialect,
    env: { GOCLAW_MODELS_MAX_ATTEMPTS: "1", GOCLAW_MODELS_RETRY_DELAY_MS: "1" },
  });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let providers = 0;

  /** Creates a provider whose calls fail with a status until `mend()`, one agent with a fallback and one without. */
  const aBrokenProvider = async (status: number) => {
    const [name, other] = [`broken-${++providers}`, `spare-${providers}`];
    const ids: string[] = [];
    for (const provider of [name, other]) {
      const body = { name: provider, provider_type: "openai_compat", api_base: `${model.url}/v1`, api_key: "sk-old" };
      ids.push((await call("POST", "/v1/providers", body)).body.id);
    }
    const candidates = [{ provider: other, model: "second" }];
    const model_fallback = { enabled: true, candidates };
    const agent = await gateway.anAgent("openai", { provider: name, model: "first", model_fallback });
    const agentWithoutFallback = await gateway.anAgent("openai", { provider: name, model: "first" });
    let isBroken = true;
    model.script(({ body }) => (isBroken && body.model === "first" ? { status } : { text: "well" }));
    /** Sends a message and returns the models that were called. */
    const ask = async (agentKey: string) => {
      const before = model.requests.length;
      await call("POST", `/v1/agents/${agentKey}/wake`, { message: "hi" });
      return model.requests.slice(before).map(({ body }) => body.model);
    };
    const mend = () => {
      isBroken = false;
    };
    return { id: ids[0], agent, agentWithoutFallback, ask, mend };
  };

  test("is called first again after it gets a new key", async () => {
    const { id, agent, ask, mend } = await aBrokenProvider(401);
    expect(await ask(agent)).toEqual(["first", "second"]);
    mend();
    expect(await ask(agent)).toEqual(["second"]);
    expect((await call("PUT", `/v1/providers/${id}`, { api_key: "sk-new" })).status).toBe(200);
    expect(await ask(agent)).toEqual(["first"]);
  });

  test("is called again after a successful verification", async () => {
    const { id, agentWithoutFallback, ask, mend } = await aBrokenProvider(500);
    for (let runs = 0; runs < 5; runs++) expect(await ask(agentWithoutFallback)).toEqual(["first"]);
    mend();
    expect(await ask(agentWithoutFallback)).toEqual([]);
    expect((await call("POST", `/v1/providers/${id}/verify`, { model: "first" })).body).toEqual({ valid: true });
    expect(await ask(agentWithoutFallback)).toEqual(["first"]);
  });
});
