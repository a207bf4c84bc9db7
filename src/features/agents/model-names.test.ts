import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const PATHS = ["../other", "a/../b", "a\\..\\b", "..", "a?key=x", "a#b", "a%2e%2e", "two\nlines", "a".repeat(256)];
const NAMES = [
  "gpt-5",
  "meta-llama/Llama-3:free",
  "org/model@v1",
  "ft:gpt-4o:org::id",
  "/data/llama",
  "v1..2",
  "Qwen 100%",
];

describe.each([...testDialects()])("a model's name on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const agent = () => ({ agent_key: `a-${newId()}`, provider: "demo", model: "demo" });
  const { body: stored } = await call("POST", "/v1/agents", agent(), OWNER);
  const { body: provider } = await call("POST", "/v1/providers", { name: "p", provider_type: "demo" }, OWNER);
  const fallback = (model: string) => ({ model_fallback: { candidates: [{ provider: "demo", model }] } });
  const embedding = (model: string) => ({ settings: { embedding: { model } } });

  /** Sends the name in every place that stores or uses one. */
  const send = async (model: string) =>
    Promise.all([
      call("POST", "/v1/agents", { ...agent(), model }, OWNER),
      call("PUT", `/v1/agents/${stored.id}`, { model }, OWNER),
      call("POST", "/v1/agents", { ...agent(), ...fallback(model) }, OWNER),
      call("PUT", `/v1/agents/${stored.id}`, fallback(model), OWNER),
      call("PUT", `/v1/providers/${provider.id}`, embedding(model), OWNER),
      call("POST", "/v1/providers", { name: `p-${newId()}`, provider_type: "demo", ...embedding(model) }, OWNER),
      call("POST", `/v1/providers/${provider.id}/verify`, { model }, OWNER),
      call("POST", `/v1/providers/${provider.id}/verify-embedding`, { model }, OWNER),
    ]);

  test.each(PATHS)("that would change an address is refused everywhere: %j", async (model) => {
    const answers = await send(model);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
    for (const { body } of answers) expect(JSON.stringify(body.error.details)).toContain("model");
  });

  test.each(NAMES)("as providers give it is taken: %s", async (model) => {
    const answers = await send(model);
    expect(answers.filter(({ status }) => status >= 300).map(({ body }) => body)).toEqual([]);
  });
});
