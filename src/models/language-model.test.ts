import { describe, expect, test } from "bun:test";
import { Secret } from "#base/secret.ts";
import { createLanguageModel } from "#models/create-language-model.ts";
import type { ModelRequest } from "#models/language-model.ts";
import { aRequest, collect, ofType, textOf, useModelServer, WIRES } from "#testing/model-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";

const models = useModelServer();

const TOOL = {
  name: "lookup",
  description: "looks up",
  parameters: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
} as const;

describe.each(WIRES)("over the $wire format", ({ wire, providerType }) => {
  test("text arrives piece by piece, with usage", async () => {
    models.server.enqueue({
      text: ["Hel", "lo ", "wörld 🌍"],
      usage: { input: 12, output: 7, cacheRead: 4, ...(wire === "openai" && { reasoning: 2 }) },
    });
    const events = await collect(models.aModel(providerType));
    expect(ofType(events, "text").map(({ text }) => text)).toEqual(["Hel", "lo ", "wörld 🌍"]);
    expect(events.at(-1)).toEqual({
      type: "finish",
      finish: "stop",
      usage: { input: 12, output: 7, cacheRead: 4, cacheWrite: 0, reasoning: wire === "openai" ? 2 : 0 },
    });
  });

  test("the key and the settings arrive", async () => {
    const settings = { temperature: 0.5, topP: undefined, maxOutputTokens: 99, stop: ["END"] };
    await collect(models.aModel(providerType), aRequest({ settings }));
    const { headers, path } = models.server.requests.at(-1) ?? { headers: {} };
    expect(JSON.stringify(headers)).toContain("sk-test");
    expect(path).toBe(wire === "openai" ? "/v1/chat/completions" : "/v1/messages");
    expect(models.lastBody()).toMatchObject({ model: "test-model", temperature: 0.5, max_tokens: 99, stream: true });
    expect(models.lastBody().stop ?? models.lastBody().stop_sequences).toEqual(["END"]);
  });

  test("parallel tool calls keep their ids and arguments, and decide the finish", async () => {
    const toolCalls = [
      { id: "call_a", name: "lookup", arguments: { q: "1" } },
      { id: "call_b", name: "lookup", arguments: { q: "2" } },
    ];
    models.server.enqueue({ text: "one moment", toolCalls, finish: "stop" });
    const events = await collect(models.aModel(providerType), aRequest({ tools: [TOOL], toolChoice: "auto" }));
    expect(ofType(events, "tool_call")).toEqual([
      { type: "tool_call", id: "call_a", name: "lookup", arguments: '{"q":"1"}' },
      { type: "tool_call", id: "call_b", name: "lookup", arguments: '{"q":"2"}' },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "finish", finish: "tool_calls" });
    const [tool] = models.lastBody().tools;
    expect((tool.function ?? tool).name).toBe("lookup");
  });

  test("tool arguments without content are an empty object", async () => {
    models.server.enqueue({ toolCalls: [{ name: "lookup", arguments: "" }] });
    const events = await collect(models.aModel(providerType), aRequest({ tools: [TOOL] }));
    expect(ofType(events, "tool_call")[0]?.arguments).toBe("{}");
  });

  test("tool results go back, and broken arguments of the past do no harm", async () => {
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
    models.server.enqueue(({ toolResults }) => ({ text: toolResults.join("+") }));
    expect(textOf(await collect(models.aModel(providerType), aRequest({ messages, tools: [TOOL] })))).toBe(
      "found+broken",
    );
    expect(JSON.stringify(models.lastBody())).toContain("invalid_json");
  });

  test.each([
    ["required", { openai: "required", anthropic: { type: "any" } }],
    ["none", { openai: undefined, anthropic: { type: "none" } }],
    [{ name: "lookup" }, { openai: { type: "function" }, anthropic: { type: "tool", name: "lookup" } }],
  ] as const)("tool choice %p is passed on", async (toolChoice, expected) => {
    await collect(models.aModel(providerType), aRequest({ tools: [TOOL], toolChoice }));
    expect({ choice: models.lastBody().tool_choice }).toMatchObject({ choice: expected[wire] });
  });

  test("images go out as data", async () => {
    const bytes = Buffer.from("89504e470d0a1a0a", "hex");
    const parts = [
      { type: "text", text: "what is this?" },
      { type: "file", mediaType: "image/png", bytes },
    ] as const;
    await collect(models.aModel(providerType), aRequest({ messages: [{ role: "user", parts }] }));
    const [, image] = models.lastBody().messages[0].content;
    const base64 = bytes.toString("base64");
    if (wire === "openai") expect(image.image_url.url).toBe(`data:image/png;base64,${base64}`);
    else expect(image.source).toMatchObject({ type: "base64", media_type: "image/png", data: base64 });
  });

  test("an answer by JSON schema comes back as text", async () => {
    const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
    const asTool: ModelReply = { toolCalls: [{ name: "json", arguments: { n: 1 } }] };
    models.server.enqueue(wire === "openai" ? { text: '{"n":1}' } : asTool);
    const responseFormat = { type: "json_schema", name: "answer", schema, strict: true } as const;
    const events = await collect(models.aModel(providerType), aRequest({ responseFormat }));
    expect(JSON.parse(textOf(events))).toEqual({ n: 1 });
    expect(events.at(-1)).toMatchObject({ finish: "stop" });
    if (wire === "openai")
      expect(models.lastBody().response_format.json_schema).toMatchObject({ name: "answer", strict: true });
  });

  test("JSON without a schema is asked for", async () => {
    await collect(models.aModel(providerType), aRequest({ responseFormat: { type: "json" } }));
    if (wire === "openai") expect(models.lastBody().response_format).toEqual({ type: "json_object" });
    else expect(JSON.stringify(models.lastBody().system)).toContain("JSON");
  });

  test("reasoning is told from text", async () => {
    models.server.enqueue({ reasoning: ["let me ", "think"], text: "42" });
    const events = await collect(models.aModel(providerType));
    expect(events.map(({ type }) => type)).toEqual(["reasoning", "reasoning", "reasoning_end", "text", "finish"]);
    const metadata = ofType(events, "reasoning_end")[0]?.metadata;
    expect(metadata).toEqual(wire === "openai" ? undefined : { anthropic: { signature: "signed" } });
  });

  test.each(["length", "content_filter"] as const)("the finish %p is told", async (finish) => {
    models.server.enqueue({ text: "so", finish });
    expect((await collect(models.aModel(providerType))).at(-1)).toMatchObject({ type: "finish", finish });
  });

  test("missing usage is missing, not zero", async () => {
    models.server.enqueue({ text: "ok", usage: null });
    expect((await collect(models.aModel(providerType))).at(-1)).toEqual({
      type: "finish",
      finish: "stop",
      usage: undefined,
    });
  });

  test("fifty calls at once all end", async () => {
    const model = models.aModel(providerType);
    const calls = Array.from({ length: 50 }, (_, index) =>
      collect(model, aRequest({ messages: [{ role: "user", parts: [{ type: "text", text: `n${index}` }] }] })),
    );
    expect((await Promise.all(calls)).map(textOf)).toEqual(calls.map((_, index) => `echo: n${index}`));
  });
});

describe("the anthropic format", () => {
  test("needs a cap on tokens, and takes system text in the middle as a note", async () => {
    const messages: ModelRequest["messages"] = [
      { role: "system", text: "be brief" },
      { role: "user", parts: [{ type: "text", text: "hi" }] },
      { role: "assistant", parts: [{ type: "text", text: "hello" }] },
      { role: "system", text: "now be long" },
      { role: "user", parts: [{ type: "text", text: "go" }] },
    ];
    await collect(models.aModel("anthropic_native"), aRequest({ messages }));
    expect(models.lastBody().max_tokens).toBe(4096);
    expect(models.lastBody().system).toMatchObject([{ text: "be brief" }]);
    const { content } = models.lastBody().messages.at(-1);
    expect(content.map(({ text }: { text: string }) => text)).toEqual(["[System note]\nnow be long", "go"]);
  });

  test("gets back the reasoning that it signed", async () => {
    const parts = [
      { type: "reasoning", text: "hm", metadata: { anthropic: { signature: "signed" } } },
      { type: "text", text: "so" },
    ] as const;
    const user = aRequest().messages;
    await collect(
      models.aModel("anthropic_native"),
      aRequest({ messages: [...user, { role: "assistant", parts }, ...user] }),
    );
    const [thinking] = models.lastBody().messages[1].content;
    expect(thinking).toEqual({ type: "thinking", thinking: "hm", signature: "signed" });
  });

  test.each([
    ["claude-sonnet-4-5", "low", { thinking: { type: "enabled", budget_tokens: 4096 }, max_tokens: 12288 }],
    ["claude-opus-4-6", "high", { thinking: { type: "adaptive" }, output_config: { effort: "high" } }],
    ["claude-sonnet-4-5", "none", { thinking: { type: "disabled" } }],
  ] as const)("turns the effort of %p, %p into its own settings", async (model, reasoningEffort, expected) => {
    await collect(models.aModel("anthropic_native"), aRequest({ model, settings: { reasoningEffort } }));
    expect(models.lastBody()).toMatchObject(expected);
  });
});

test("the openai format passes the reasoning effort on", async () => {
  await collect(models.aModel("openai_compat"), aRequest({ settings: { reasoningEffort: "low" } }));
  expect(models.lastBody()).toMatchObject({ reasoning_effort: "low", stream_options: { include_usage: true } });
});

test("a type of provider that cannot be run says so", async () => {
  const options = { apiKey: new Secret(""), egressFetch: models.egress.for("provider").fetch };
  const events = await collect(createLanguageModel({ providerType: "acp", ...options }));
  expect(events).toMatchObject([{ type: "error", error: { kind: "unsupported" } }]);
});
