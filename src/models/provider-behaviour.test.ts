import { describe, expect, test } from "bun:test";
import { Secret } from "#base/secret.ts";
import { createLanguageModel } from "#models/create-language-model.ts";
import type { ModelRequest } from "#models/language-model.ts";
import type { ProviderType } from "#models/provider-types.ts";
import { aRequest, collect, ofType, RUNNABLE_TYPES, textOf, useModelServer } from "#testing/model-fixture.ts";
import { readSent } from "#testing/model-server/read-sent.ts";

const models = useModelServer();

const TOOL = {
  name: "lookup",
  description: "looks up",
  parameters: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
} as const;

/** Returns whether the type does not stream its answer if there are tools. */
const isUnstreamedWithTools = (type: ProviderType) => type === "dashscope";
const hasTools = (type: ProviderType) => type !== "perplexity";

describe.each(RUNNABLE_TYPES)("$providerType", ({ wire, providerType }) => {
  const model = providerType === "openrouter" ? "maker/test-model" : "test-model";
  const call = (overrides: Partial<ModelRequest> = {}) =>
    collect(models.aModel(providerType), aRequest({ model, ...overrides }));
  const sent = () => readSent(wire, models.lastBody());

  test("text arrives in pieces, with usage", async () => {
    models.server.enqueue({ text: ["Hel", "lo ", "wörld 🌍"], usage: { input: 12, output: 7, cacheRead: 4 } });
    const events = await call();
    expect(ofType(events, "text").map(({ text }) => text)).toEqual(["Hel", "lo ", "wörld 🌍"]);
    const usage = { input: 12, output: 7, cacheRead: 4, cacheWrite: 0, reasoning: 0 };
    const isTold = models.lastBody().stream_options !== undefined || wire !== "openai";
    expect(events.at(-1)).toEqual({ type: "finish", finish: "stop", usage: isTold ? usage : undefined });
  });

  test("the key, the model and the settings reach the server", async () => {
    await call({ settings: { temperature: 0.5, topP: undefined, maxOutputTokens: 99, stop: ["END"] } });
    const { headers = {}, path } = models.server.requests.at(-1) ?? {};
    expect(headers.authorization ?? headers["x-api-key"] ?? headers["x-goog-api-key"]).toMatch(/^(?:Bearer )?sk-test$/);
    expect(sent()).toMatchObject({ temperature: 0.5, maxTokens: 99 });
    expect(sent().model ?? path).toContain(model);
    if (providerType !== "perplexity") expect(sent().stop).toEqual(["END"]);
  });

  test("a provider without a key gets no key header", async () => {
    await collect(models.aModel(providerType, undefined, ""), aRequest({ model }));
    const headers = models.server.requests.at(-1)?.headers ?? {};
    expect(Object.keys(headers).filter((name) => /authorization|api-key/.test(name))).toEqual([]);
  });

  test("parallel tool calls keep their order and arguments and determine the finish", async () => {
    const toolCalls = [
      { id: "call_a", name: "lookup", arguments: { q: "1" } },
      { id: "call_b", name: "lookup", arguments: { q: "2" } },
    ];
    models.server.enqueue({ text: "one moment", toolCalls, finish: "stop" });
    const events = await call({ tools: [TOOL], toolChoice: "auto" });
    expect(ofType(events, "tool_call")).toMatchObject([
      { id: "call_a", name: "lookup", arguments: '{"q":"1"}' },
      { id: "call_b", name: "lookup", arguments: '{"q":"2"}' },
    ]);
    expect(textOf(events)).toBe("one moment");
    expect(events.at(-1)).toMatchObject({ type: "finish", finish: "tool_calls" });
    expect(sent().tools).toMatchObject(hasTools(providerType) ? [{ name: "lookup", description: "looks up" }] : []);
    expect(models.server.requests.at(-1)?.isStream).toBe(!isUnstreamedWithTools(providerType));
  });

  test("tool arguments without content are an empty object", async () => {
    models.server.enqueue({ toolCalls: [{ name: "lookup", arguments: wire === "openai" ? "" : {} }] });
    const events = await call({ tools: [TOOL] });
    expect(ofType(events, "tool_call")[0]?.arguments).toBe("{}");
  });

  test("tool results are sent back, and broken arguments of earlier calls are accepted", async () => {
    const messages: ModelRequest["messages"] = [
      { role: "user", parts: [{ type: "text", text: "look" }] },
      {
        role: "assistant",
        parts: [
          { type: "tool_call", id: "a", name: "lookup", arguments: '{"q": 1}' },
          { type: "tool_call", id: "b", name: "lookup", arguments: '{"q": ' },
        ],
      },
      {
        role: "tool",
        results: [
          { callId: "a", name: "lookup", text: "found", isError: false },
          { callId: "b", name: "lookup", text: "broken", isError: true },
        ],
      },
    ];
    await call({ messages, tools: [TOOL] });
    const { toolResults, lastUserText } = models.server.requests.at(-1) ?? {};
    if (hasTools(providerType)) expect(toolResults).toEqual(["found", "broken"]);
    else expect(lastUserText).toBe("[Result of lookup]\nfound\n\n[Result of lookup]\nbroken");
    if (hasTools(providerType)) expect(JSON.stringify(models.lastBody())).toContain("invalid_json");
  });

  test("tool choice none forbids tool calls", async () => {
    await call({ tools: [TOOL], toolChoice: "none" });
    if (wire === "openai") expect(sent()).toMatchObject({ tools: [], toolChoice: undefined });
    if (wire === "anthropic") expect(sent()).toMatchObject({ tools: [TOOL], toolChoice: { type: "none" } });
    if (wire === "google") expect(sent().toolChoice).toMatchObject({ mode: "NONE" });
  });

  test("images are sent as data, after the text", async () => {
    const bytes = Buffer.from("89504e470d0a1a0a", "hex");
    const parts = [
      { type: "file", mediaType: "image/png", bytes },
      { type: "text", text: "what is this?" },
    ] as const;
    await call({ messages: [{ role: "user", parts }] });
    const base64 = bytes.toString("base64");
    expect(JSON.stringify(sent().lastContent)).toContain(base64);
    if (wire === "openai") {
      const image_url = { url: `data:image/png;base64,${base64}` };
      expect(sent().lastContent).toEqual([
        { type: "text", text: "what is this?" },
        { type: "image_url", image_url },
      ]);
    }
  });

  test("reasoning is separate from text", async () => {
    models.server.enqueue({
      reasoning: ["let me ", "think"],
      text: "42",
      usage: { input: 1, output: 9, ...(wire !== "anthropic" && { reasoning: 5 }) },
    });
    const shown = (await call()).filter(({ type }) => type !== "progress");
    expect(shown.map(({ type }) => type)).toEqual(["reasoning", "reasoning", "reasoning_end", "text", "finish"]);
  });

  test.each(["length", "content_filter"] as const)("the finish %p is reported", async (finish) => {
    models.server.enqueue({ text: "so", finish });
    expect((await call()).at(-1)).toMatchObject({ type: "finish", finish });
  });

  test("missing usage is undefined, not zero", async () => {
    models.server.enqueue({ text: "ok", usage: null });
    expect((await call()).at(-1)).toEqual({ type: "finish", finish: "stop", usage: undefined });
  });

  test("absurd usage is ignored", async () => {
    const rawUsages = [
      { prompt_tokens: -5, completion_tokens: 1.5, total_tokens: 9, output_tokens: -3, promptTokenCount: 1.5 },
      { prompt_tokens: "many", completion_tokens: null, input_tokens: "many", output_tokens: null },
      { promptTokenCount: "many", candidatesTokenCount: {}, output_tokens_details: 7, promptTokensDetails: "none" },
      "none",
      null,
      { prompt_tokens: 1e9, completion_tokens: 20, promptTokenCount: 1e9, candidatesTokenCount: 20, output_tokens: 20 },
    ];
    models.server.enqueue({ text: "ok", rawUsages });
    const { usage } = ofType(await call(), "finish")[0] ?? {};
    if (models.lastBody().stream_options !== undefined || wire !== "openai") {
      expect(usage).toEqual({ input: 0, output: 20, cacheRead: 0, cacheWrite: 0, reasoning: 0 });
    }
  });

  test("a token limit that is too large is lowered once to the limit that the provider names", async () => {
    const text = "max_tokens is too large: 100000. This model supports at most 16384 completion tokens.";
    const before = models.server.requests.length;
    models.server.enqueue({ status: 400, text }, { text: "short" });
    expect(textOf(await call({ settings: { maxOutputTokens: 100_000 } }))).toBe("short");
    expect(sent().maxTokens).toBe(16_384);
    expect(models.server.requests.length).toBe(before + 2);
  });

  test("a refusal is reported with its kind", async () => {
    models.server.enqueue({ status: 429, text: "slow down", headers: { "retry-after": "3" } });
    expect(await call()).toMatchObject([
      { type: "error", error: { kind: "rate_limit", status: 429, retryAfterMs: 3_000 } },
    ]);
  });

  test("metadata of another provider is not sent", async () => {
    const metadata = { elsewhere: { signature: "foreign-signature" } };
    const parts = [
      { type: "reasoning", text: "foreign-thoughts", metadata },
      { type: "text", text: "so" },
      { type: "tool_call", id: "a", name: "lookup", arguments: "{}", metadata },
    ] as const;
    const results = [{ callId: "a", name: "lookup", text: "found", isError: false }];
    const messages = [...aRequest().messages, { role: "assistant", parts }, { role: "tool", results }] as const;
    await call({ messages, tools: [TOOL] });
    expect(JSON.stringify(models.lastBody())).not.toContain("foreign");
  });

  test("fifty concurrent calls all end", async () => {
    const calls = Array.from({ length: 50 }, (_, index) =>
      call({ messages: [{ role: "user", parts: [{ type: "text", text: `n${index}` }] }] }),
    );
    expect((await Promise.all(calls)).map(textOf)).toEqual(calls.map((_, index) => `echo: n${index}`));
  });
});

test.each(["chatgpt_oauth", "claude_cli", "acp"] as const)(
  "%s cannot be run and explains why",
  async (providerType) => {
    const options = { apiKey: new Secret(""), egress: models.toServer };
    const events = await collect(createLanguageModel({ providerType, ...options }));
    expect(events).toMatchObject([{ type: "error", error: { kind: "unsupported" } }]);
    expect(ofType(events, "error")[0]?.error.message).toContain("the gateway");
  },
);

test.each([
  ["vertex", "its configuration is incomplete, it needs settings.project_id and settings.region, or an api_base"],
  ["xrouter", "its configuration is incomplete, it needs an api_base"],
] as const)("%s without an address explains what it needs", async (providerType, message) => {
  const options = { apiKey: new Secret("k"), egress: models.toServer };
  const events = await collect(createLanguageModel({ providerType, ...options }));
  expect(ofType(events, "error")[0]?.error).toMatchObject({ kind: "unsupported", message });
});
