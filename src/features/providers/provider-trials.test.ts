import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

/** Starts an API that serves a list of models and embeddings, and refuses all other calls with 401. */
function anApi() {
  const seen: { path: string; authorization: string | null; body: unknown }[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const path = new URL(request.url).pathname;
      const body = request.method === "POST" ? ((await request.json()) as { model?: string }) : undefined;
      seen.push({ path, authorization: request.headers.get("authorization"), body });
      if (path === "/v1/models" && request.headers.get("authorization") === "Bearer sk-echo-me") {
        return Response.json({ data: [{ id: "small" }, { id: "of-sk-echo-me" }, { id: "big", name: "sk-echo-me" }] });
      }
      if (path === "/v1/models") {
        return Response.json({
          data: [{ id: "small" }, { id: "large", name: "Large", supported_parameters: ["reasoning"] }],
        });
      }
      if (path === "/v1/embeddings" && body?.model === "embed") {
        return Response.json({ data: [{ index: 0, embedding: [0.1, 0.2, 0.3] }], usage: { prompt_tokens: 1 } });
      }
      if (path === "/v1/embeddings") return Response.json({ error: { message: "no such model" } }, { status: 404 });
      return Response.json({ error: { message: "bad key" } }, { status: 401 });
    },
  });
  return { port: server.port, url: `http://127.0.0.1:${server.port}/v1`, seen, stop: () => server.stop(true) };
}

describe.each([...testDialects()])("trying a provider on %s", async (dialect) => {
  const api = anApi();
  const gateway = await startChatGateway({ dialect, allowHosts: [`127.0.0.1:${api.port}`] });
  const { call, model } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await api.stop();
  });
  let providers = 0;
  const aProvider = async (extra: object): Promise<string> => {
    const provider = { name: `try-${++providers}`, provider_type: "openai_compat", api_key: "sk-mine", ...extra };
    return `/v1/providers/${(await call("POST", "/v1/providers", provider)).body.id}`;
  };

  test("its models are listed, with its reasoning defaults", async () => {
    const settings = { reasoning_defaults: { effort: "low" } };
    const { status, body } = await call("GET", `${await aProvider({ api_base: api.url, settings })}/models`);
    expect([status, body]).toEqual([
      200,
      {
        models: [{ id: "small" }, { id: "large", name: "Large", reasoning: true }],
        reasoning_defaults: { effort: "low" },
      },
    ]);
    expect(api.seen.at(-1)).toMatchObject({ path: "/v1/models", authorization: "Bearer sk-mine" });
  });

  test("a provider that cannot be reached lists no models", async () => {
    const provider = await aProvider({ api_base: `http://127.0.0.1:${api.port}/other` });
    expect((await call("GET", `${provider}/models`)).body).toEqual({ models: [] });
    expect((await call("GET", `${await aProvider({ provider_type: "demo" })}/models`)).body.models).toHaveLength(1);
  });

  test("a provider that answers is valid, even if it is switched off", async () => {
    const provider = await aProvider({ api_base: `${model.url}/v1`, enabled: false });
    expect((await call("POST", `${provider}/verify`, { model: "any" })).body).toEqual({ valid: true });
    expect(gateway.lastBody()).toMatchObject({ model: "any", max_tokens: 16 });
  });

  test("a provider that fails reports the reason in the caller's language", async () => {
    const provider = await aProvider({ api_base: api.url });
    const english = await call("POST", `${provider}/verify`, {});
    expect([english.status, english.body]).toEqual([
      200,
      { valid: false, error: "the model provider refused the gateway's credentials", provider_message: "bad key" },
    ]);
    expect(api.seen.at(-1)?.body).toMatchObject({ model: "small" });
    const vietnamese = await call("POST", `${provider}/verify`, {}, { headers: { "Accept-Language": "vi" } });
    expect(vietnamese.body.valid).toBe(false);
    expect(vietnamese.body.error).not.toBe(english.body.error);
  });

  test("each of several keys is tried, and the one that fails is named by its place", async () => {
    const keys = { api_key: "sk-good", api_keys: ["sk-bad-key", "sk-fine"] };
    const provider = await aProvider({ api_base: `${model.url}/v1`, ...keys });
    const said = "the key sk-bad-key is unknown";
    model.script(({ headers }) => (headers.authorization === "Bearer sk-bad-key" ? { status: 401, text: said } : {}));
    const { body } = await call("POST", `${provider}/verify`, { model: "any" });
    expect(body).toMatchObject({ valid: false, key_number: 2, provider_message: "the key [REDACTED] is unknown" });
    model.script(() => ({}));
    expect((await call("POST", `${provider}/verify`, { model: "any" })).body).toEqual({ valid: true });
  });

  test("a key in the names of an error, or in the list of models, is shown nowhere", async () => {
    const keys = ["planted-key-one", "planted-key-two"];
    const [api_key, ...api_keys] = keys;
    const provider = await aProvider({ api_base: `${model.url}/v1`, api_key, api_keys });
    const error = { message: `${keys}`, type: "invalid_request_error", code: keys[1], param: keys[0] };
    model.script(() => ({ status: 400, body: { error } }));
    const tried = await call("POST", `${provider}/verify`, { model: "any" });
    expect(tried.body.error).toEndWith("(invalid_request_error)");
    expect(tried.text).not.toMatch(/planted/);
    const echoed = await call("GET", `${await aProvider({ api_base: api.url, api_key: "sk-echo-me" })}/models`);
    expect(echoed.body.models).toEqual([{ id: "small" }]);
  });

  test("a provider that lists no models requires the model in the request", async () => {
    const provider = await aProvider({ api_base: `http://127.0.0.1:${api.port}/other` });
    const { status, body } = await call("POST", `${provider}/verify`, {});
    expect([status, body.error.details.field]).toEqual([400, "model"]);
  });

  test("its embeddings are tried with the model of its settings or of the request", async () => {
    const settings = { embedding: { enabled: true, model: "embed" } };
    const provider = await aProvider({ api_base: api.url, settings });
    const tried = await call("POST", `${provider}/verify-embedding`, {});
    expect(tried.body).toEqual({ valid: true, dimensions: 3 });
    const other = await call("POST", `${provider}/verify-embedding`, { model: "missing" });
    expect(other.body).toMatchObject({ valid: false, error: expect.stringContaining("missing") });
    const unnamed = await call("POST", `${await aProvider({ api_base: api.url })}/verify-embedding`, {});
    expect([unnamed.status, unnamed.body.error.details.field]).toEqual([400, "model"]);
  });

  test.each([
    ["xrouter", "verify", "its configuration is incomplete, it needs an api_base"],
    ["vertex", "verify", "needs settings.project_id and settings.region, or an api_base"],
    ["xrouter", "verify-embedding", "its configuration is incomplete, it needs an api_base"],
    ["demo", "verify-embedding", "providers of type demo have no embeddings"],
    ["anthropic_native", "verify-embedding", "providers of type anthropic_native have no embeddings"],
  ])("a provider of type %s reports at %s what is missing", async (provider_type, path, missing) => {
    const { body } = await call("POST", `${await aProvider({ provider_type })}/${path}`, { model: "any" });
    expect(body).toEqual({ valid: false, error: expect.stringContaining(missing) });
    expect(body.error).toStartWith("the model provider cannot do this: ");
  });

  test.each(["chatgpt_oauth", "claude_cli", "acp"])(
    "a provider of type %s is stored, and its calls report that it cannot run",
    async (type) => {
      const provider = await aProvider({ provider_type: type });
      expect((await call("GET", provider)).status).toBe(200);
      for (const [method, path] of [
        ["GET", "/models"],
        ["POST", "/verify"],
        ["POST", "/verify-embedding"],
      ] as const) {
        const { status, body } = await call(method, `${provider}${path}`, method === "POST" ? {} : undefined);
        expect([status, body.error.code, body.error.details.reason]).toEqual([
          409,
          "FAILED_PRECONDITION",
          "provider_unsupported",
        ]);
        expect(body.error.message).toContain(type);
      }
      const { name } = (await call("GET", provider)).body;
      const agent_key = type.replaceAll("_", "-");
      expect((await call("POST", "/v1/agents", { agent_key, provider: name, model: "m" })).status).toBe(201);
      const messages = [{ role: "user", content: "hi" }];
      const chat = await call("POST", "/v1/chat/completions", { model: `goclaw:${agent_key}`, messages });
      expect([chat.status, chat.body.error.details.reason]).toEqual([409, "provider_unsupported"]);
      expect(chat.body.error.message).toContain(type);
      await call("DELETE", provider);
    },
  );
});

test("a vertex provider is reached at the address of its project and region", async () => {
  const resolved: string[] = [];
  const resolve = async (hostname: string) => {
    resolved.push(hostname);
    return [];
  };
  const gateway = await startChatGateway({ resolve });
  const settings = { project_id: "my-project", region: "europe-west4" };
  const provider = { name: "vertex", provider_type: "vertex", api_key: "ya29.token", settings };
  const { id } = (await gateway.call("POST", "/v1/providers", provider)).body;
  const tried = await gateway.call("POST", `/v1/providers/${id}/verify`, { model: "google/gemini-2.5-flash" });
  expect(tried.body.valid).toBe(false);
  expect(resolved).toContain("europe-west4-aiplatform.googleapis.com");
  await gateway.stop();
});
