import { describe, expect, test } from "bun:test";
import { aRequest, collect, ofType, textOf, useModelServer } from "#testing/model-fixture.ts";
import { cutEvery, toEvents } from "#testing/model-server.ts";

const models = useModelServer();
const TOOLS = ["get_stock", "get_time"].map((name) => ({
  name,
  parameters: { type: "object", properties: { stock: { type: "string" } } },
}));
const DONE = "data: [DONE]\n\n";

const delta = (value: object, finish: string | null = null) =>
  toEvents({ choices: [{ index: 0, delta: value, finish_reason: finish }] });

async function read(raw: readonly (string | Uint8Array)[], model = "test-model") {
  models.server.enqueue({ raw });
  return collect(models.aModel("openai_compat"), aRequest({ tools: TOOLS, model }));
}

/** Reads an answer that arrives as one document. */
async function readDocument(message: object, model = "test-model") {
  models.server.enqueue({ body: { choices: [{ index: 0, message }] } });
  return collect(models.aModel("openai_compat"), aRequest({ tools: TOOLS, model }));
}

describe("pieces of tool calls", () => {
  const PIECES = ['{"sto', 'ck":', '"MS', 'FT"}'];
  const WHOLE = PIECES.join("");
  const name = "get_stock";
  const call = (fields: object, called: object) => delta({ tool_calls: [{ ...fields, function: called }] });
  const begin = call({ index: 0, id: "c1" }, { name, arguments: "" });
  const rest = PIECES.map((piece) => call({ index: 0 }, { arguments: piece }));

  const ODD: readonly (readonly [string, readonly string[]])[] = [
    ["as documented", [begin, ...rest]],
    [
      "a new index and id",
      [begin, ...PIECES.map((p, i) => call({ index: i + 1, id: `x${i}` }, { name: "", arguments: p }))],
    ],
    ["no index, the name again", PIECES.map((p, i) => call({ id: i === 0 ? "c1" : "" }, { name, arguments: p }))],
    ["a new id and the name again", PIECES.map((p, i) => call({ index: 0, id: `x${i}` }, { name, arguments: p }))],
    ["a new index and the name again", PIECES.map((p, index) => call({ index, id: "c1" }, { name, arguments: p }))],
    ["an index as text", PIECES.map((p) => call({ index: "0", id: null }, { name, arguments: p }))],
    ["an index that is null", [begin, ...PIECES.map((p) => call({ index: null }, { arguments: p }))]],
    ["neither index nor id", [call({}, { name }), ...PIECES.map((p) => call({}, { arguments: p }))]],
    [
      "a name in two pieces",
      [call({ index: 0, id: "c1" }, { name: "get_" }), call({ index: 0 }, { name: "stock" }), ...rest],
    ],
    ["a name that grows", [call({ index: 0 }, { name: "get" }), call({ index: 0 }, { name }), ...rest]],
    ["a name after the arguments", [...rest, call({ index: 0, id: "c1" }, { name })]],
    ["the whole arguments again at the end", [begin, ...rest, call({ index: 0 }, { arguments: WHOLE })]],
    ["the whole call again at the end", [begin, ...rest, call({ index: 0, id: "c1" }, { name, arguments: WHOLE })]],
    ["the whole call again, without an id", [begin, ...rest, call({}, { name, arguments: WHOLE })]],
    ["whole arguments after a piece", [begin, rest[0] ?? "", call({ index: 0 }, { arguments: WHOLE })]],
    [
      "arguments that grow",
      [begin, ...PIECES.map((_, i) => call({ index: 0 }, { arguments: PIECES.slice(0, i + 1).join("") }))],
    ],
    ["an empty object first", [call({ index: 0, id: "c1" }, { name, arguments: "{}" }), ...rest]],
    ["an empty object last", [begin, ...rest, call({ index: 0 }, { arguments: "{}" })]],
    ["an empty last piece with the name", [begin, ...rest, call({}, { name, arguments: "" })]],
    ["arguments as an object", [call({ index: 0, id: "c1" }, { name, arguments: { stock: "MSFT" } })]],
    ["parameters instead of arguments", [call({ index: 0, id: "c1" }, { name, parameters: { stock: "MSFT" } })]],
    ["no function around name and arguments", [delta({ tool_calls: [{ id: "c1", name, arguments: WHOLE }] })]],
    ["one call instead of a list", [delta({ tool_calls: { id: "c1", function: { name, arguments: WHOLE } } })]],
    [
      "the function call of old servers",
      PIECES.map((p, i) => delta({ function_call: i === 0 ? { name, arguments: p } : { arguments: p } })),
    ],
    ["words beside the call", [delta({ content: "Let me see." }), begin, ...rest]],
  ];

  test.each(ODD)("make one call: %s", async (_, raw) => {
    for (const end of [delta({}, "tool_calls") + DONE, delta({}, "stop") + DONE, DONE]) {
      const events = await read([...raw, end]);
      expect(ofType(events, "tool_call")).toMatchObject([{ name, arguments: WHOLE }]);
      expect(events.at(-1)).toMatchObject({ type: "finish", finish: "tool_calls" });
    }
  });

  const TWO: readonly (readonly [string, readonly string[]])[] = [
    ["by index", [begin, call({ index: 1, id: "c2" }, { name: "get_time", arguments: "" }), ...rest]],
    ["mixed by index", [begin, rest[0] ?? "", call({ index: 1, id: "c2" }, { name: "get_time" }), ...rest.slice(1)]],
    ["by id under one index", [begin, ...rest, call({ index: 0, id: "c2" }, { name: "get_time", arguments: "{}" })]],
    ["by name alone", [call({}, { name, arguments: WHOLE }), call({}, { name: "get_time", arguments: "" })]],
    [
      "by name under one index",
      [call({ index: 0 }, { name, arguments: WHOLE }), call({ index: 0 }, { name: "get_time" })],
    ],
    [
      "by name under one id",
      [call({ index: 0, id: "c" }, { name, arguments: WHOLE }), call({ index: 1, id: "c" }, { name: "get_time" })],
    ],
    [
      "in one event",
      [
        delta({
          tool_calls: [
            { id: "a", function: { name, arguments: WHOLE } },
            { id: "b", function: { name: "get_time" } },
          ],
        }),
      ],
    ],
  ];

  test.each(TWO)("make two calls: %s", async (_, raw) => {
    const calls = ofType(await read([...raw, delta({}, "tool_calls"), DONE]), "tool_call");
    expect(calls).toMatchObject([
      { name, arguments: WHOLE },
      { name: "get_time", arguments: "{}" },
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  test("make two calls of one tool", async () => {
    const other = '{"stock":"AAPL"}';
    const marked = [WHOLE, other].map((text, index) => call({ index, id: `c${index}` }, { name, arguments: text }));
    const bare = [WHOLE, other].map((text) => call({}, { name, arguments: text }));
    for (const raw of [marked, bare]) {
      const calls = ofType(await read([...raw, DONE]), "tool_call");
      expect(calls.map((made) => made.arguments)).toEqual([WHOLE, other]);
    }
  });

  test.each([
    ["whose end is missing", PIECES.slice(0, 3).map((p, i) => call({ index: i, id: `x${i}` }, { name, arguments: p }))],
    ["of two values", [begin, ...rest, call({ index: 0 }, { arguments: '{"stock":"AAPL"}' })]],
  ])("%s never make a torn call", async (_, raw) => {
    const events = await read([...raw, delta({}, "tool_calls"), DONE]);
    expect(ofType(events, "tool_call")).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "error", error: { kind: "unusable" } });
  });

  test("keep what the model itself wrote, though it is no JSON", async () => {
    for (const broken of ["{stock: 'MSFT'}", '{"stock": "MS', "MSFT"]) {
      const events = await read([call({ index: 0 }, { name, arguments: broken }), DONE]);
      expect(ofType(events, "tool_call")).toMatchObject([{ arguments: broken }]);
    }
  });
});

describe("the end of an answer", () => {
  test.each([
    ["no finish reason", [delta({ content: "Hel" }), delta({ content: "lo" }), DONE]],
    [
      "a finish reason in another spelling",
      [delta({ content: "Hello" }), toEvents({ choices: [{ finishReason: "stop" }] })],
    ],
    [
      "a finish reason before the text",
      [delta({ content: "" }, "stop"), delta({ content: "Hello" }), delta({}, "stop")],
    ],
    ["an empty finish reason", [delta({ content: "Hello" }, ""), DONE]],
    ["an unknown finish reason", [delta({ content: "Hello" }), delta({}, "eos_token"), DONE]],
    [
      "the whole message beside the last piece",
      [
        delta({ content: "Hello" }),
        toEvents({ choices: [{ delta: {}, message: { content: "Hello" }, finish_reason: "stop" }] }),
      ],
    ],
    ["the message instead of a piece", [toEvents({ choices: [{ message: { content: "Hello" } }] }), DONE]],
  ])("is stop: %s", async (_, raw) => {
    const events = await read(raw);
    expect([textOf(events), events.at(-1)]).toMatchObject(["Hello", { type: "finish", finish: "stop" }]);
  });

  test("of a document needs no finish reason", async () => {
    expect((await readDocument({ content: "Hello" })).at(-1)).toMatchObject({ type: "finish", finish: "stop" });
  });

  test("that breaks off is an error", async () => {
    expect((await read([delta({ content: "Hel" })])).at(-1)).toMatchObject({
      type: "error",
      error: { kind: "malformed" },
    });
  });

  test("closes the connection, whatever the provider goes on doing", async () => {
    for (const [providerType, text] of [
      ["openai_compat", "ok"],
      ["anthropic_native", "ok"],
      ["gemini_native", "ok"],
    ] as const) {
      models.server.enqueue({ text, fault: "without_close" });
      const events = await collect(models.aModel(providerType));
      expect(events.at(-1)).toMatchObject({ type: "finish", finish: "stop" });
      while (models.server.requests.at(-1)?.aborted !== true) await Bun.sleep(1);
    }
  }, 60_000);
});

describe("content that is not read", () => {
  const image = "A".repeat(3_000_000);
  test.each([
    ["an image", { images: [{ type: "image_url", image_url: { url: `data:image/png;base64,${image}` } }] }],
    ["an image as a part", { content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${image}` } }] }],
    ["audio", { audio: { id: "a", data: image } }],
    ["citations", { annotations: [{ type: "url_citation", url_citation: { url: "https://example.com" } }] }],
    ["content that is a number", { content: 5 }],
  ])("ends nothing: %s", async (_, value) => {
    const events = await read([delta({ content: "so " }), delta(value), delta({ content: "far" }, "stop"), DONE]);
    expect([textOf(events), events.at(-1)]).toMatchObject(["so far", { type: "finish", finish: "stop" }]);
  });

  test("is shown where it has words", async () => {
    const audio = delta({ audio: { transcript: "spoken" } });
    const link = delta({ images: [{ image_url: { url: "https://example.com/a.png" } }] });
    expect(textOf(await read([audio, link, DONE]))).toBe("spoken![](https://example.com/a.png)");
  });

  test("ends nothing in Google's format", async () => {
    const parts = [{ inlineData: { mimeType: "image/png", data: image } }];
    const raw = toEvents(
      { candidates: [{ content: { role: "model", parts } }] },
      { candidates: [{ content: { role: "model", parts: [{ text: "so" }] }, finishReason: "STOP" }] },
    );
    models.server.enqueue({ raw: [raw] });
    const events = await collect(models.aModel("gemini_native"));
    expect([textOf(events), events.at(-1)]).toMatchObject(["so", { type: "finish", finish: "stop" }]);
  });
});

describe("thoughts in the text", () => {
  const thoughtOf = (events: Awaited<ReturnType<typeof read>>) =>
    ofType(events, "reasoning")
      .map(({ text }) => text)
      .join("");
  const split = async (text: string, size = text.length, model?: string) => {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "gu")) ?? [];
    const events = await read([...pieces.map((content) => delta({ content })), delta({}, "stop"), DONE], model);
    return [thoughtOf(events).trim(), textOf(events)];
  };

  const MARKED: readonly (readonly [string, string])[] = [
    ["<think>", "</think>"],
    ["<THINK>", "</Think>"],
    ["\n\n <thinking>", "</thinking>"],
    ["<thought>", "</thought>"],
    ["<reasoning>", "</reasoning>"],
    ["<seed:think>", "</seed:think>"],
    ["[THINK]", "[/THINK]"],
    ["◁think▷", "◁/think▷"],
    ["<|begin_of_thought|>", "<|end_of_thought|>"],
    ["<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"],
  ];
  test.each(MARKED)("between %j and %j are reasoning, wherever the network cuts them", async (open, close) => {
    for (const size of [1, 2, 3, 7, 1_000]) {
      const [thought, text] = await split(`${open}\nhe wants İ <b> a number${close}\n\nFour <think> not.`, size);
      expect(thought).toStartWith("he wants İ <b> a number");
      expect(text).toBe("Four <think> not.");
    }
  });

  test.each([
    ["that are never closed", "<think>on and on", ["on and on", ""]],
    ["that are empty", "<think>\n\n</think>\n\nFour.", ["", "Four."]],
    ["in two blocks", "<think>a</think>\n<think>b</think>\nFour.", ["ab", "Four."]],
    ["whose closing mark alone is left", "</think>\n\nFour.", ["", "Four."]],
    ["after the first word", "See <think>x</think>", ["", "See <think>x</think>"]],
    ["that only look like marks", "<thin", ["", "<thin"]],
    ["that are no thoughts", "  <p>", ["", "  <p>"]],
  ])("%s", async (_, text, expected) => {
    for (const size of [1, 1_000]) expect(await split(text, size)).toEqual(expected);
  });

  test("that the server's template opened are reasoning up to the closing mark", async () => {
    const long = "hm ".repeat(500).trim();
    for (const size of [1, 5, 10_000]) {
      expect(await split(`${long}</think>\n\nFour.`, size, "DeepSeek-R1-Distill-Qwen-7B")).toEqual([long, "Four."]);
      expect(await split("<think>hm</think>Four.", size, "qwq-32b")).toEqual(["hm", "Four."]);
      expect(await split("Only words.", size, "qwq-32b")).toEqual(["", "Only words."]);
    }
    const events = await read([delta({ reasoning_content: "hm" }), delta({ content: "Four." })], "qwq-32b");
    expect(textOf(events)).toBe("Four.");
  });

  test("are read in a document, and before a tool call", async () => {
    const events = await readDocument({ content: "<think>hm</think>Four." });
    expect([thoughtOf(events), textOf(events)]).toEqual(["hm", "Four."]);
    const tool_calls = [{ id: "c", function: { name: "get_time", arguments: "{}" } }];
    const called = await read([delta({ content: "<think>hm" }), delta({ tool_calls }), DONE]);
    expect(called.map(({ type }) => type)).toEqual(["reasoning", "reasoning_end", "progress", "tool_call", "finish"]);
  });

  test("stay text where the provider's text holds no thoughts", async () => {
    const model = models.aModelAt("https://api.openai.com/v1", "openai_compat");
    models.server.enqueue({ raw: [delta({ content: "<think>hm</think>" }, "stop"), DONE] });
    expect(textOf(await collect(model))).toBe("<think>hm</think>");
  });

  test("may be cut within a character", async () => {
    const stream = Buffer.from(delta({ content: "◁think▷hm◁/think▷Four." }) + DONE);
    expect(textOf(await read(cutEvery(stream, 1)))).toBe("Four.");
  });
});
