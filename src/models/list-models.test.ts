import { expect, test } from "bun:test";
import { Secret } from "#base/secret.ts";
import { listModels } from "#models/list-models.ts";
import type { ProviderType } from "#models/provider-types.ts";
import { verifyModel } from "#models/verify-model.ts";
import { useModelServer } from "#testing/model-fixture.ts";

const models = useModelServer();
const signal = new AbortController().signal;

const list = (providerType: ProviderType, apiBase = `${models.server.url}/v1`) =>
  listModels({ providerType, apiBase, apiKey: new Secret("sk-test"), egress: models.toServer }, signal);

test("models are listed by their ids and names in every format", async () => {
  models.server.route("/models", () => ({
    body: {
      data: [{ id: "a", name: "Model A", supported_parameters: ["reasoning"] }, { id: "a" }, { id: 7 }, null],
    },
  }));
  expect(await list("openrouter")).toEqual([{ id: "a", name: "Model A", reasoning: true }]);
  models.server.route("/models", () => ({ body: [{ id: "b", display_name: "B" }, { id: "c" }] }));
  expect(await list("openai_compat")).toEqual([{ id: "b", name: "B" }, { id: "c" }]);
  models.server.route("/models", () => ({ body: { data: [{ id: "d", display_name: "Claude D" }] } }));
  expect(await list("anthropic_native")).toEqual([{ id: "d", name: "Claude D" }]);
  models.server.route("/models", () => ({
    body: {
      models: [
        { name: "models/e", displayName: "E", supportedGenerationMethods: ["generateContent"], thinking: true },
        { name: "models/f", supportedGenerationMethods: ["embedContent"] },
      ],
    },
  }));
  expect(await list("gemini_native")).toEqual([{ id: "e", name: "E", reasoning: true }]);
});

test("a provider without a list endpoint has a catalogue", async () => {
  expect(await list("perplexity")).toContainEqual({ id: "sonar" });
  expect(await list("demo")).toEqual([{ id: "demo" }]);
});

test("a list that fails is empty", async () => {
  for (const answer of [{ status: 500, body: {} }, { body: "<html>" }, { body: { data: 3 } }, { body: null }]) {
    models.server.route("/models", () => answer);
    expect(await list("openai_compat")).toEqual([]);
  }
  expect(await list("openai_compat", "http://127.0.0.1:1/v1")).toEqual([]);
  expect(await list("vertex", "")).toEqual([]);
  expect(await list("acp")).toEqual([]);
});

test("a model that answers is verified, and one that fails returns its error", async () => {
  expect(await verifyModel(models.aModel("openai_compat"), "m", signal)).toBeUndefined();
  expect(models.lastBody()).toMatchObject({ model: "m", max_tokens: 16 });
  models.server.enqueue({ status: 401 });
  expect(await verifyModel(models.aModel("anthropic_native"), "m", signal)).toMatchObject({ kind: "auth" });
});
