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

  /** A provider whose calls fail with a status until `mend`, and an agent that has another to fall back on. */
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
    const alone = await gateway.anAgent("openai", { provider: name, model: "first" });
    let isBroken = true;
    model.script(({ body }) => (isBroken && body.model === "first" ? { status } : { text: "well" }));
    /** The models that a message asks. */
    const ask = async (who: string) => {
      const before = model.requests.length;
      await call("POST", `/v1/agents/${who}/wake`, { message: "hi" });
      return model.requests.slice(before).map(({ body }) => body.model);
    };
    const mend = () => {
      isBroken = false;
    };
    return { id: ids[0], agent, alone, ask, mend };
  };

  test("is asked first again once it has another key", async () => {
    const { id, agent, ask, mend } = await aBrokenProvider(401);
    expect(await ask(agent)).toEqual(["first", "second"]);
    mend();
    expect(await ask(agent)).toEqual(["second"]);
    expect((await call("PUT", `/v1/providers/${id}`, { api_key: "sk-new" })).status).toBe(200);
    expect(await ask(agent)).toEqual(["first"]);
  });

  test("is asked again once a trial has gone well", async () => {
    const { id, alone, ask, mend } = await aBrokenProvider(500);
    for (let runs = 0; runs < 5; runs++) expect(await ask(alone)).toEqual(["first"]);
    mend();
    expect(await ask(alone)).toEqual([]);
    expect((await call("POST", `/v1/providers/${id}/verify`, { model: "first" })).body).toEqual({ valid: true });
    expect(await ask(alone)).toEqual(["first"]);
  });
});
