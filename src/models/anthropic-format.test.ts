import { describe, expect, test } from "bun:test";
import type { ModelRequest } from "#models/language-model.ts";
import { aRequest, collect, textOf, useModelServer } from "#testing/model-fixture.ts";
import { toEvents } from "#testing/model-server.ts";

const models = useModelServer();

const TOOLS = ["look", "walk"].map((name) => ({ name, parameters: { type: "object", properties: {} } }) as const);
const user = (text: string) => ({ role: "user", parts: [{ type: "text", text }] }) as const;
const assistant = (text: string) => ({ role: "assistant", parts: [{ type: "text", text }] }) as const;
const CACHED = { cache_control: { type: "ephemeral" } };

async function send(overrides: Partial<ModelRequest> = {}) {
  const events = await collect(models.aModel("anthropic_native"), aRequest(overrides));
  expect(events.at(-1)).toMatchObject({ type: "finish" });
  return models.lastBody();
}

test("a request always has a token limit, and a later system text becomes a note", async () => {
  const messages = [
    { role: "system", text: "be brief" },
    user("hi"),
    assistant("hello"),
    { role: "system", text: "now be long" },
    user("go"),
  ] as const;
  const body = await send({ messages });
  expect(body.max_tokens).toBe(4096);
  expect(body.system).toMatchObject([{ text: "be brief" }]);
  const { content } = body.messages.at(-1);
  expect(content.map(({ text }: { text: string }) => text)).toEqual(["[System note]\nnow be long", "go"]);
});

test("with tool choice none the tools are still sent, because the history may contain their calls", async () => {
  const body = await send({ tools: TOOLS, toolChoice: "none" });
  expect(body.tools.map(({ name }: { name: string }) => name)).toEqual(["look", "walk"]);
  expect(body.tool_choice).toEqual({ type: "none" });
  expect(Object.keys(models.server.requests.at(-1)?.headers ?? {}).join()).not.toContain("goclaw");
});

test.each([
  ["auto", { type: "auto" }],
  ["required", { type: "any" }],
  [{ name: "look" }, { type: "tool", name: "look" }],
] as const)("the tool choice %j is passed on", async (toolChoice, expected) => {
  expect((await send({ tools: TOOLS, toolChoice })).tool_choice).toEqual(expected);
});

test("references in tool schemas are inlined", async () => {
  const parameters = {
    type: "object",
    properties: { at: { $ref: "#/$defs/place" } },
    $defs: { place: { type: "string" } },
  } as const;
  const body = await send({ tools: [{ name: "go", parameters }] });
  expect(body.tools[0].input_schema).toEqual({ type: "object", properties: { at: { type: "string" } } });
});

describe("thinking", () => {
  test.each([
    ["claude-sonnet-4-5", "low", { thinking: { type: "enabled", budget_tokens: 4_096 }, max_tokens: 12_288 }],
    ["claude-sonnet-4-5", "medium", { thinking: { type: "enabled", budget_tokens: 10_000 }, max_tokens: 18_192 }],
    ["claude-sonnet-4-5", "high", { thinking: { type: "enabled", budget_tokens: 32_000 }, max_tokens: 40_192 }],
    ["claude-opus-4-1", "high", { thinking: { type: "enabled", budget_tokens: 23_808 }, max_tokens: 32_000 }],
    ["claude-opus-4-6", "high", { thinking: { type: "adaptive" }, output_config: { effort: "high" } }],
    ["claude-sonnet-4-5", "none", { thinking: { type: "disabled" }, max_tokens: 4_096 }],
  ] as const)(
    "of %s with effort %s is requested in the model's own settings",
    async (model, reasoningEffort, expected) => {
      const body = await send({
        model,
        settings: { reasoningEffort, ...(reasoningEffort !== "none" && { temperature: 1 }) },
      });
      expect(body).toMatchObject(expected);
      expect(body).not.toHaveProperty("temperature");
    },
  );

  test("is not requested from models that cannot think", async () => {
    const settings = { reasoningEffort: "high" } as const;
    expect(await send({ model: "claude-3-5-haiku-latest", settings })).not.toHaveProperty("thinking");
  });

  test("goes on between tool calls", async () => {
    const settings = { reasoningEffort: "low" } as const;
    await send({ model: "claude-sonnet-4-5", settings, tools: TOOLS });
    const headers = () => models.server.requests.at(-1)?.headers["anthropic-beta"] ?? "";
    expect(headers()).toContain("interleaved-thinking-2025-05-14");
    await send({ model: "claude-sonnet-4-5", settings });
    expect(headers()).not.toContain("interleaved");
  });

  test("is sent back only if it has a signature or is redacted", async () => {
    const parts = [
      { type: "reasoning", text: "hm", metadata: { anthropic: { signature: "signed" } } },
      { type: "reasoning", text: "", metadata: { anthropic: { redactedData: "hidden" } } },
      { type: "reasoning", text: "unsigned" },
      { type: "text", text: "so" },
    ] as const;
    const body = await send({ messages: [user("a"), { role: "assistant", parts }, user("b")] });
    expect(body.messages[1].content).toMatchObject([
      { type: "thinking", thinking: "hm", signature: "signed" },
      { type: "redacted_thinking", data: "hidden" },
      { type: "text", text: "so" },
    ]);
  });

  test("is dropped without leaving an empty turn", async () => {
    const parts = [{ type: "reasoning", text: "unsigned" }] as const;
    const body = await send({ messages: [user("a"), { role: "assistant", parts }, user("b")] });
    expect(body.messages.map(({ role }: { role: string }) => role)).toEqual(["user"]);
  });
});

describe("the cache", () => {
  const system = { role: "system", text: "you are an agent" } as const;

  test("marks the tools, the system text, the conversation, and the conversation of the previous call", async () => {
    const messages = [system, user("one"), assistant("two"), user("three"), assistant("four"), user("five")];
    const body = await send({ messages, tools: TOOLS });
    expect(body.tools.map((tool: object) => "cache_control" in tool)).toEqual([false, true]);
    expect(body.tools.at(-1)).toMatchObject(CACHED);
    expect(body.system).toMatchObject([CACHED]);
    const marked = body.messages.map(({ content }: { content: object[] }) => "cache_control" in (content.at(-1) ?? {}));
    expect(marked).toEqual([false, false, true, false, true]);
    expect(JSON.stringify(body).match(/cache_control/g)?.length).toBe(4);
  });

  test("marks tool results", async () => {
    const call = { type: "tool_call", id: "a", name: "look", arguments: "{}" } as const;
    const results = [{ callId: "a", name: "look", text: "found", isError: false }];
    const messages = [user("one"), { role: "assistant", parts: [call] }, { role: "tool", results }] as const;
    const body = await send({ messages, tools: TOOLS });
    expect(body.messages.at(-1).content.at(-1)).toMatchObject({ type: "tool_result", ...CACHED });
    expect(body.messages[0].content[0]).toMatchObject(CACHED);
  });

  test("matches: a longer conversation begins with the same bytes as the shorter one", async () => {
    const withoutAccents = (body: object) =>
      JSON.stringify(body, (key, value) => (key === "cache_control" ? undefined : value));
    const shorter = withoutAccents(await send({ messages: [system, user("one")], tools: TOOLS }));
    const longer = withoutAccents(
      await send({ messages: [system, user("one"), assistant("two"), user("three")], tools: TOOLS }),
    );
    const prefixOf = (body: string) => body.slice(0, body.indexOf('"messages"'));
    expect(prefixOf(longer)).toBe(prefixOf(shorter));
    expect(longer).toContain('{"role":"user","content":[{"type":"text","text":"one"}]}');
    expect(shorter).toContain('{"role":"user","content":[{"type":"text","text":"one"}]}');
  });
});

test("an answer that follows a JSON schema arrives as text", async () => {
  const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
  models.server.enqueue({ toolCalls: [{ name: "json", arguments: { n: 1 } }] });
  const responseFormat = { type: "json_schema", name: "answer", schema, strict: true } as const;
  const events = await collect(models.aModel("anthropic_native"), aRequest({ responseFormat }));
  expect(JSON.parse(textOf(events))).toEqual({ n: 1 });
  expect(events.at(-1)).toMatchObject({ finish: "stop" });
});

test("JSON without a schema is requested by an instruction", async () => {
  expect(JSON.stringify((await send({ responseFormat: { type: "json" } })).system)).toContain("JSON");
});

test("a token limit that is too large is lowered, and the thinking budget stays", async () => {
  const text = "max_tokens: 26000 > 20000, which is the maximum allowed number of output tokens for claude-next";
  models.server.enqueue({ status: 400, text });
  const settings = { reasoningEffort: "medium", maxOutputTokens: 16_000 } as const;
  expect(await send({ model: "claude-3-7-next", settings })).toMatchObject({ max_tokens: 20_000 });
});

describe("an answer", () => {
  const start = { type: "message_start", message: { id: "m", role: "assistant", usage: { input_tokens: 7 } } };
  const block = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
  const delta = (index: number, piece: object) => ({ type: "content_block_delta", index, delta: piece });
  const end = (index: number) => ({ type: "content_block_stop", index });
  const stop = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } };
  const text = [block(1, { type: "text", text: "" }), delta(1, { type: "text_delta", text: "so" })];
  const read = (...events: readonly object[]) => {
    models.server.enqueue({ raw: [toEvents(...events)] });
    return collect(models.aModel("anthropic_native"));
  };
  const whole = [
    { type: "text", text: "so" },
    {
      type: "finish",
      finish: "stop",
      usage: { input: 7, output: 3, cacheRead: 0, cacheWrite: 0, reasoning: 0 },
    },
  ] as const;

  test("may contain events, blocks and deltas of unknown types", async () => {
    const unknown = { type: "session_status", status: "fine" };
    const events = await read(
      unknown,
      start,
      { type: "ping" },
      block(0, { type: "hologram", depth: 3 }),
      delta(0, { type: "hologram_delta", light: "on" }),
      delta(0, { type: "text_delta", text: "no text of ours" }),
      end(0),
      ...text,
      unknown,
      delta(1, { type: "shine_delta", shine: 1 }),
      end(1),
      stop,
      { type: "message_stop" },
    );
    expect(events).toEqual([...whole]);
  });

  test("is complete once the model has stopped, even if a later report has no stop reason", async () => {
    const report = { type: "message_delta", delta: { stop_reason: null }, usage: null };
    for (const rest of [[], [report], [report, { type: "message_stop" }]]) {
      expect(await read(start, ...text, end(1), stop, ...rest)).toEqual([...whole]);
    }
  });

  test("needs a stop reason or a proper end", async () => {
    const cut = await read(start, ...text, end(1));
    expect(cut.at(-1)).toMatchObject({ type: "error", error: { kind: "malformed" }, usage: { input: 7 } });
    const ended = await read(start, ...text, end(1), { type: "message_stop" });
    expect(ended.at(-1)).toMatchObject({ type: "finish", finish: "stop", usage: { input: 7 } });
  });

  test("with an invalid first event is malformed", async () => {
    const [event] = await read(block(0, { type: "text", text: 7 }));
    expect(event).toMatchObject({ type: "error", error: { kind: "malformed" } });
  });
});
