import { describe, expect, test } from "bun:test";
import type { ModelRequest, ReasoningEffort } from "#models/language-model.ts";
import type { ProviderType } from "#models/provider-types.ts";
import { aRequest, collect, ofType, useModelServer } from "#testing/model-fixture.ts";

const models = useModelServer();

const TOOL = { name: "lookup", parameters: { type: "object", properties: {} } } as const;
const SETTINGS = { temperature: 0.5, topP: 0.9, presencePenalty: 1, frequencyPenalty: 1, stop: ["END"], seed: 7 };

/** Sends a request to a provider type or to a public address. Returns the body that the server received. */
async function send(to: ProviderType | `https://${string}`, overrides: Partial<ModelRequest> = {}) {
  const model = to.startsWith("https://") ? models.aModelAt(to) : models.aModel(to as ProviderType);
  const events = await collect(model, aRequest(overrides));
  expect(events.at(-1)).toMatchObject({ type: "finish" });
  return models.lastBody();
}

const OPENAI = "https://api.openai.com/v1";

describe("the reasoning effort", () => {
  const low: ReasoningEffort = "low";
  test.each([
    [OPENAI, "gpt-5", "none", { reasoning_effort: "minimal" }],
    [OPENAI, "gpt-5", "xhigh", { reasoning_effort: "high" }],
    [OPENAI, "gpt-5.2", "xhigh", { reasoning_effort: "xhigh" }],
    [OPENAI, "o3", "minimal", { reasoning_effort: "low" }],
    [OPENAI, "gpt-4o", low, {}],
    [OPENAI, "gpt-5-chat-latest", low, {}],
    ["openai_compat", "llama-of-my-own", "xhigh", { reasoning_effort: "xhigh" }],
    ["openrouter", "maker/model", low, { reasoning: { effort: "low" } }],
    ["https://openrouter.ai/api/v1", "maker/model", low, { reasoning: { effort: "low" } }],
    ["groq", "openai/gpt-oss-120b", "none", { reasoning_effort: "low" }],
    ["groq", "qwen/qwen3-32b", low, { reasoning_effort: "default", reasoning_format: "parsed" }],
    ["groq", "llama-3.3-70b-versatile", low, {}],
    ["deepseek", "deepseek-v4-pro", "none", { thinking: { type: "disabled" } }],
    ["deepseek", "deepseek-v4-pro", "medium", { thinking: { type: "enabled" }, reasoning_effort: "high" }],
    ["mistral", "mistral-medium-3-5", low, { reasoning_effort: "high" }],
    ["mistral", "codestral-latest", low, {}],
    ["xai", "grok-3-mini", "medium", { reasoning_effort: "high" }],
    ["xai", "grok-4.5", "none", { reasoning_effort: "low" }],
    ["xai", "grok-4-0709", low, {}],
    ["minimax_native", "MiniMax-M3", low, { reasoning_split: true }],
    ["cohere", "command-a-reasoning-08-2025", low, { reasoning_effort: "high" }],
    ["cohere", "command-a-03-2025", low, {}],
    ["perplexity", "sonar-deep-research", low, { reasoning_effort: "low" }],
    ["perplexity", "sonar", low, {}],
    ["dashscope", "qwen-plus", low, { enable_thinking: true, thinking_budget: 4_096 }],
    ["dashscope", "qwen-plus", "medium", { enable_thinking: true, thinking_budget: 16_384 }],
    ["bailian", "qwen3.7-plus", "high", { enable_thinking: true, thinking_budget: 32_768 }],
    ["dashscope", "qwen-plus", "none", { enable_thinking: false }],
    ["zai", "glm-4.7", low, { thinking: { type: "enabled" } }],
    ["zai_coding", "glm-5.2", low, { thinking: { type: "enabled" }, reasoning_effort: "low" }],
    ["byteplus", "seed-1-8", "none", { thinking: { type: "disabled" }, reasoning_effort: "minimal" }],
    ["kimi_coding", "kimi-for-coding", low, { thinking: { type: "enabled" } }],
    ["https://api.moonshot.ai/v1", "kimi-k2.6", "none", { thinking: { type: "disabled" } }],
    ["ollama", "gpt-oss:20b", "medium", { reasoning_effort: "medium" }],
    ["vertex", "google/gemini-2.5-flash", "none", { reasoning_effort: "none" }],
    ["vertex", "google/gemini-2.5-pro", "none", { reasoning_effort: "low" }],
  ] as const)("of %s %s, %s, is sent as %j", async (to, model, reasoningEffort, expected) => {
    const { reasoning, reasoning_effort, reasoning_format, reasoning_split, thinking, ...rest } = await send(to, {
      model,
      settings: { reasoningEffort },
    });
    const { enable_thinking, thinking_budget } = rest;
    const sent = { reasoning, reasoning_effort, reasoning_format, reasoning_split, thinking, enable_thinking };
    expect(JSON.parse(JSON.stringify({ ...sent, thinking_budget }))).toEqual(expected);
  });

  test("is omitted or off if tools exclude it", async () => {
    const settings = { reasoningEffort: low, temperature: 1 };
    const tools = [TOOL];
    expect(await send(OPENAI, { model: "gpt-5.4", settings, tools })).not.toHaveProperty("reasoning_effort");
    expect(await send(OPENAI, { model: "gpt-5.6-terra", tools })).toMatchObject({ reasoning_effort: "none" });
    expect(await send("dashscope", { model: "qwen-plus", settings, tools })).toMatchObject({
      stream: false,
      enable_thinking: false,
    });
  });
});

describe("OpenAI", () => {
  test.each(["gpt-5", "gpt-5-mini", "o1", "o3-mini", "o4-mini", "gpt-5.4"])(
    "takes max_completion_tokens for %s",
    async (model) => {
      const body = await send(OPENAI, { model, settings: { maxOutputTokens: 10 } });
      expect(body.max_completion_tokens).toBe(10);
      expect(body).not.toHaveProperty("max_tokens");
    },
  );

  test("takes max_tokens and sampling settings for other models", async () => {
    const body = await send(OPENAI, { model: "gpt-4o", settings: { ...SETTINGS, maxOutputTokens: 10 } });
    expect(body).toMatchObject({ max_tokens: 10, temperature: 0.5, top_p: 0.9, stop: ["END"], seed: 7 });
  });

  test.each(["o3", "gpt-5", "gpt-5-nano", "gpt-5-mini-2025-08-07"])("sends %s no sampling settings", async (model) => {
    const body = await send(OPENAI, { model, settings: SETTINGS });
    for (const field of ["temperature", "top_p", "presence_penalty", "stop"]) expect(body).not.toHaveProperty(field);
  });

  test("uses the role developer instead of system for reasoning models", async () => {
    const messages = [{ role: "system", text: "be brief" }, ...aRequest().messages] as const;
    expect((await send(OPENAI, { model: "o3", messages })).messages[0].role).toBe("developer");
    expect((await send(OPENAI, { model: "gpt-4o", messages })).messages[0].role).toBe("system");
    expect((await send("openai_compat", { model: "o3", messages })).messages[0].role).toBe("system");
  });
});

describe("an earlier conversation", () => {
  const LONG_ID = `call_${"x".repeat(60)}`;
  const reasoning = { type: "reasoning", text: "hm" } as const;
  const aTurn = (id: string, ...before: readonly object[]) =>
    [
      { role: "user", parts: [{ type: "text", text: "look" }] },
      {
        role: "assistant",
        parts: [...before, { type: "tool_call", id, name: "lookup", arguments: '{"q":1}' }],
      },
      { role: "tool", results: [{ callId: id, name: "lookup", text: "", isError: false }] },
    ] as unknown as ModelRequest["messages"];

  test("is sent without empty content and empty results", async () => {
    const { messages } = await send("openai_compat", { messages: aTurn("call_1") });
    expect(messages).toEqual([
      { role: "user", content: "look" },
      {
        role: "assistant",
        tool_calls: [{ id: "call_1", type: "function", function: { name: "lookup", arguments: '{"q":1}' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "(no output)" },
    ]);
  });

  test.each([
    ["openai_compat", LONG_ID, /^call_[0-9a-f]{35}$/],
    ["openai_compat", "call_short", /^call_short$/],
    ["mistral", "call_short", /^[a-zA-Z0-9]{9}$/],
    ["mistral", "abcdEF123", /^abcdEF123$/],
  ] as const)("is sent to %s with call ids that it accepts", async (type, id, pattern) => {
    const { messages } = await send(type, { messages: aTurn(id), tools: [TOOL] });
    expect(messages[1].tool_calls[0].id).toMatch(pattern);
    expect(messages[2].tool_call_id).toBe(messages[1].tool_calls[0].id);
  });

  test.each([
    ["deepseek", [reasoning], "hm"],
    ["deepseek", [], ""],
    ["kimi_coding", [reasoning], "hm"],
    ["kimi_coding", [], ""],
    ["zai", [reasoning], "hm"],
    ["zai", [], undefined],
    ["openai_compat", [reasoning], undefined],
  ] as const)("is sent back to %s with its reasoning: %j", async (type, before, expected) => {
    const { messages } = await send(type, { messages: aTurn("call_1", ...before) });
    expect(messages[1].reasoning_content).toBe(expected);
  });

  test("is sent back with the data that the provider attached to it", async () => {
    const details = [{ type: "reasoning.encrypted", data: "secret", index: 0 }];
    const chunk = (delta: object, finish_reason: string | null = null) =>
      `data: ${JSON.stringify({ choices: [{ delta, finish_reason }] })}\n\n`;
    const extra_content = { google: { thought_signature: "signed" } };
    const call = { index: 0, id: "a", function: { name: "lookup", arguments: "{}" }, extra_content };
    models.server.enqueue({ raw: [chunk({ reasoning_details: details }), chunk({ tool_calls: [call] }, "stop")] });
    const events = await collect(models.aModel("openai_compat"));
    const { metadata } = ofType(events, "reasoning_end")[0] ?? {};
    const [toolCall] = ofType(events, "tool_call");
    const parts = [{ type: "reasoning", text: "", metadata }, toolCall];
    const messages = [...aRequest().messages, { role: "assistant", parts }] as unknown as ModelRequest["messages"];

    const { messages: toOpenRouter } = await send("openrouter", { messages, model: "maker/model" });
    expect(toOpenRouter[1].reasoning_details).toEqual(details);
    expect(toOpenRouter[1].tool_calls[0]).not.toHaveProperty("extra_content");
    const user = { role: "user", parts: [{ type: "text", text: "go on" }] } as const;
    const { messages: toVertex } = await send("vertex", { messages: [...messages, user] });
    expect(toVertex[1].tool_calls[0].extra_content).toEqual(extra_content);
  });

  test.each(["mistral", "perplexity", "dashscope", "vertex"] as const)(
    "does not end with the assistant for %s",
    async (type) => {
      const assistant = { role: "assistant", parts: [{ type: "text", text: "Once" }] } as const;
      const { messages } = await send(type, { messages: [...aRequest().messages, assistant] });
      expect(messages.at(-1).role).toBe("user");
      expect((await send("openai_compat", { messages: [...aRequest().messages, assistant] })).messages.at(-1)).toEqual({
        role: "assistant",
        content: "Once",
      });
    },
  );

  test("alternates roles and has its instructions first if the provider requires it", async () => {
    const user = (text: string) => ({ role: "user", parts: [{ type: "text", text }] }) as const;
    const messages = [{ role: "system", text: "a" }, user("b"), { role: "system", text: "c" }, user("d")] as const;
    expect((await send("perplexity", { messages })).messages).toEqual([
      { role: "system", content: "a" },
      { role: "user", content: "b\n\n[System note]\nc\n\nd" },
    ]);
    const { messages: sent } = await send("minimax_native", { messages });
    expect(sent.map(({ role }: { role: string }) => role)).toEqual(["system", "user", "user", "user"]);
  });
});

describe("an unsupported feature", () => {
  test("is omitted", async () => {
    const settings = { ...SETTINGS, maxOutputTokens: 5 };
    const request = { settings, tools: [TOOL], toolChoice: "required" } as const;
    expect(await send("cohere", request)).not.toHaveProperty("tool_choice");
    expect(models.lastBody()).not.toHaveProperty("stream_options");
    const perplexity = await send("perplexity", request);
    for (const field of ["tools", "tool_choice", "seed", "stop"]) expect(perplexity).not.toHaveProperty(field);
    expect(await send("https://api.together.xyz/v1", request)).not.toHaveProperty("stream_options");
    const mistral = await send("mistral", request);
    expect(mistral).toMatchObject({ random_seed: 7, tool_choice: "required" });
    expect(mistral).not.toHaveProperty("seed");
    const grok = await send("xai", { ...request, model: "grok-4" });
    for (const field of ["stop", "presence_penalty"]) expect(grok).not.toHaveProperty(field);
    expect(await send("xai", { ...request, model: "grok-4-fast-non-reasoning" })).toHaveProperty("stop");
  });

  test("answer schemas become an instruction", async () => {
    const schema = { type: "object", properties: { n: { type: "number" } } } as const;
    const responseFormat = { type: "json_schema", name: "answer", schema, strict: true } as const;
    const body = await send("deepseek", { responseFormat });
    expect(body.response_format).toEqual({ type: "json_object" });
    expect(body.messages[0]).toMatchObject({ role: "system" });
    expect(body.messages[0].content).toContain(JSON.stringify(schema));
    const native = await send("openai_compat", { responseFormat });
    expect(native.response_format.json_schema).toEqual({ name: "answer", schema, strict: true });
    expect((await send("openai_compat", { responseFormat: { type: "json" } })).response_format).toEqual({
      type: "json_object",
    });
  });

  test("schemas for Google's models have inlined references", async () => {
    const parameters = {
      type: "object",
      additionalProperties: false,
      properties: {
        home: { $ref: "#/$defs/place" },
        default: { type: "string", default: "x" },
        tree: { $ref: "#/$defs/tree" },
      },
      $defs: {
        place: { type: "object", properties: { city: { type: "string", examples: ["Hue"] } } },
        tree: { type: "object", properties: { children: { type: "array", items: { $ref: "#/$defs/tree" } } } },
      },
    } as const;
    const body = await send("vertex", { tools: [{ name: "move", parameters }] });
    expect(body.tools[0].function.parameters).toEqual({
      type: "object",
      properties: {
        home: { type: "object", properties: { city: { type: "string" } } },
        default: { type: "string" },
        tree: { type: "object", properties: { children: { type: "array", items: { type: "object" } } } },
      },
    });
    expect(
      (await send("openai_compat", { tools: [{ name: "move", parameters }] })).tools[0].function.parameters,
    ).toEqual(parameters);
  });
});

test("a model id of OpenRouter needs a maker", async () => {
  const before = models.server.requests.length;
  const events = await collect(models.aModel("openrouter"), aRequest({ model: "gpt-5" }));
  expect(events).toMatchObject([{ type: "error", error: { kind: "model_not_found" } }]);
  expect(ofType(events, "error")[0]?.error.message).toContain("<maker>/<model>");
  expect(models.server.requests.length).toBe(before);
});

test("an address may contain the full path", async () => {
  await collect(models.aModel("openai_compat", `${models.server.url}/v1/chat/completions/`));
  expect(models.server.requests.at(-1)?.path).toBe("/v1/chat/completions");
});
