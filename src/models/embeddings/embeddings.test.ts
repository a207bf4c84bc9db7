import { afterEach, describe, expect, test } from "bun:test";
import { Secret } from "#base/secret.ts";
import { createEmbeddingModel } from "#models/embeddings/create-embedding-model.ts";
import type { ProviderType } from "#models/provider-types.ts";
import { useModelServer } from "#testing/model-fixture.ts";
import type { RouteRequest } from "#testing/model-server.ts";

const models = useModelServer();
const requests: RouteRequest[] = [];
afterEach(() => void requests.splice(0));

/** Returns a vector of the text's length, the number of requests so far, and zero. */
const toVector = (text: string) => [text.length, requests.length, 0];

function serve(): void {
  models.server.route("/embeddings", (request) => {
    requests.push(request);
    const data = request.body.input.map((text: string, index: number) => ({ index, embedding: toVector(text) }));
    return { body: { data: data.reverse(), usage: { prompt_tokens: data.length, total_tokens: data.length } } };
  });
  models.server.route(":batchEmbedContents", (request) => {
    requests.push(request);
    const embeddings = request.body.requests.map(({ content }: { content: { parts: { text: string }[] } }) => ({
      values: toVector(content.parts[0]?.text ?? ""),
    }));
    return { body: { embeddings } };
  });
}

const embed = (
  providerType: ProviderType,
  texts: readonly string[],
  overrides: {
    readonly model?: string;
    readonly dimensions?: number;
    readonly apiBase?: string;
    readonly signal?: AbortSignal;
  } = {},
) =>
  createEmbeddingModel({
    providerType,
    apiBase: overrides.apiBase ?? `${models.server.url}/v1`,
    apiKey: new Secret("sk-test"),
    model: overrides.model ?? "embed-1",
    dimensions: overrides.dimensions,
    egress: models.toServer,
  }).embed(texts, overrides.signal ?? new AbortController().signal);

describe.each(["openai_compat", "gemini_native"] as const)("%s", (type) => {
  test("returns one vector per text, in the same order", async () => {
    serve();
    const result = await embed(type, ["a", "bbb", ""], { dimensions: 3 });
    expect(result).toMatchObject({ kind: "vectors", usage: { input: type === "openai_compat" ? 3 : 0 } });
    expect(result.kind === "vectors" && result.vectors.map(([length]) => length)).toEqual([1, 3, 1]);
    expect(JSON.stringify(requests[0]?.headers)).toContain("sk-test");
    expect(JSON.stringify(requests[0]?.body)).toContain("embed-1");
  });

  test("splits many texts over several requests", async () => {
    serve();
    const texts = Array.from({ length: 250 }, (_, index) => "x".repeat(index + 1));
    const result = await embed(type, texts);
    expect(requests.length).toBe(3);
    expect(result.kind === "vectors" && result.vectors.map(([length]) => length)).toEqual(texts.map((t) => t.length));
  });

  test("vectors of a size other than the requested one are a failure", async () => {
    serve();
    expect(await embed(type, ["a"], { dimensions: 1_536 })).toMatchObject({ error: { kind: "malformed" } });
  });

  test("invalid answers and refusals are failures", async () => {
    const bodies = [
      {},
      { data: [], embeddings: [] },
      { data: [{ embedding: ["x"] }], embeddings: [{ values: [null] }] },
      [],
    ];
    for (const body of bodies) {
      for (const path of ["/embeddings", ":batchEmbedContents"]) models.server.route(path, () => ({ body }));
      expect(await embed(type, ["a"])).toMatchObject({ kind: "error", error: { kind: "malformed" } });
    }
    for (const path of ["/embeddings", ":batchEmbedContents"]) {
      models.server.route(path, () => ({ status: 401, body: { error: { message: "no" } } }));
    }
    expect(await embed(type, ["a"])).toMatchObject({ error: { kind: "auth", status: 401 } });
  });
});

test("each provider gets requests in its own format", async () => {
  serve();
  await embed("openai_compat", ["a"], { dimensions: 3, apiBase: "https://api.voyageai.com/v1" });
  expect(requests[0]?.body).toEqual({ model: "embed-1", input: ["a"], output_dimension: 3 });
  await embed("openai_compat", ["a"], { dimensions: 3 });
  expect(requests[1]?.body).toMatchObject({ dimensions: 3, encoding_format: "float" });
  await embed(
    "dashscope",
    Array.from({ length: 11 }, () => "a"),
  );
  expect(requests.slice(2).map(({ body }) => body.input.length)).toEqual([10, 1]);
});

test("too many texts, a provider without embeddings and an abort are failures of their own kind", async () => {
  const many = Array.from({ length: 2_049 }, () => "a");
  expect(await embed("openai_compat", many)).toMatchObject({ error: { kind: "invalid_request" } });
  expect(await embed("anthropic_native", ["a"])).toMatchObject({ error: { kind: "unsupported" } });
  expect(await embed("openai_compat", ["a"], { signal: AbortSignal.abort() })).toMatchObject({
    error: { kind: "aborted" },
  });
});

test("an empty list sends no request", async () => {
  serve();
  expect(await embed("openai_compat", [])).toEqual({ kind: "vectors", vectors: [], usage: { input: 0 } });
  expect(requests).toEqual([]);
});

test("a model's name stays one part of Google's path, or is not asked for", async () => {
  serve();
  await embed("gemini_native", ["a"], { model: "e?key=x#y:z" });
  expect(requests.map(({ path }) => path)).toEqual(["/v1/models/e%3Fkey%3Dx%23y%3Az:batchEmbedContents"]);
  const result = await embed("gemini_native", ["a"], { model: "../../e" });
  expect(result).toMatchObject({ kind: "error", error: { kind: "model_not_found" } });
  expect(requests).toHaveLength(1);
});
