import { describe, expect, test } from "bun:test";
import { createDemoModel } from "#models/demo/demo-model.ts";
import { minimalInstance } from "#models/demo/minimal-instance.ts";
import type { ModelEvent, ModelRequest } from "#models/language-model.ts";

const TOOLS = [
  { name: "datetime", parameters: { type: "object", properties: {} } },
  {
    name: "write_file",
    parameters: {
      type: "object",
      properties: { path: { type: "string" }, content: { type: "string" }, append: { type: "boolean" } },
      required: ["path", "content"],
    },
  },
] as const;

const aRequest = (text: string, overrides: Partial<ModelRequest> = {}): ModelRequest => ({
  model: "demo",
  messages: [{ role: "user", parts: [{ type: "text", text }] }],
  tools: TOOLS,
  settings: {},
  ...overrides,
});

async function collect(request: ModelRequest, signal = new AbortController().signal) {
  const events: ModelEvent[] = [];
  for await (const event of createDemoModel().stream(request, signal)) events.push(event);
  return events;
}

const textOf = (events: readonly ModelEvent[]) =>
  events.map((event) => (event.type === "text" ? event.text : "")).join("");
const callsOf = (events: readonly ModelEvent[]) =>
  events.flatMap((event) => (event.type === "tool_call" ? [[event.name, event.arguments]] : []));

test("it introduces itself, quotes the user and explains how to add a real provider, word by word", async () => {
  const events = await collect(aRequest("What is\nthe weather?"));
  expect(textOf(events)).toContain('"What is the weather?"');
  expect(textOf(events)).toMatch(/demo model.*ANTHROPIC_API_KEY.*\/v1\/providers/);
  expect(events.length).toBeGreaterThan(20);
  expect(events.at(-1)).toMatchObject({ type: "finish", finish: "stop", usage: { input: 5, reasoning: 0 } });
});

test("it names the tool that needs the fewest arguments", async () => {
  const spawn = { name: "spawn", parameters: { type: "object", properties: { task: { type: "string" } } } };
  const request = aRequest("hi", { tools: [spawn, ...TOOLS.toReversed()] });
  expect(textOf(await collect(request))).toEndWith("write: call datetime");
});

test("the same input gets the same answer", async () => {
  expect(textOf(await collect(aRequest("hi")))).toBe(textOf(await collect(aRequest("hi"))));
});

test.each([
  ["please call datetime", [["datetime", "{}"]]],
  ['Use `write_file` {"path":"a.txt","content":"x {y}"} now', [["write_file", '{"path":"a.txt","content":"x {y}"}']]],
  ["run write_file", [["write_file", '{"path":"demo","content":"demo"}']]],
  ['call write_file {"path": \nand more', [["write_file", '{"path":']]],
  [
    "call datetime. Then call datetime again",
    [
      ["datetime", "{}"],
      ["datetime", "{}"],
    ],
  ],
  ["call rm_rf", []],
  ["recall datetime", []],
  ["I called datetime", []],
])("%p makes the requested calls", async (text, calls) => {
  expect(callsOf(await collect(aRequest(text)))).toEqual(calls);
});

test("every call has an id of its own, and calls decide the finish", async () => {
  const events = await collect(aRequest("call datetime, call datetime"));
  const ids = events.flatMap((event) => (event.type === "tool_call" ? [event.id] : []));
  expect(new Set(ids).size).toBe(2);
  expect(events.at(-1)).toMatchObject({ finish: "tool_calls" });
});

test("after a tool call it answers with the result", async () => {
  const { messages } = aRequest("call datetime");
  const results = [{ callId: "a", name: "datetime", text: "it is noon", isError: false }];
  const events = await collect(aRequest("", { messages: [...messages, { role: "tool", results }] }));
  expect([textOf(events), callsOf(events)]).toEqual(["it is noon", []]);
});

test("the tool choice is honoured", async () => {
  expect(callsOf(await collect(aRequest("call datetime", { toolChoice: "none" })))).toEqual([]);
  expect(callsOf(await collect(aRequest("hi", { toolChoice: "required" })))).toEqual([["datetime", "{}"]]);
  const named = await collect(aRequest("call datetime", { toolChoice: { name: "write_file" } }));
  expect(callsOf(named)).toEqual([["write_file", '{"path":"demo","content":"demo"}']]);
});

test("the answer is a JSON document if the request asks for one", async () => {
  const schema = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] } as const;
  const bySchema = await collect(aRequest("hi", { responseFormat: { type: "json_schema", name: "a", schema } }));
  expect(JSON.parse(textOf(bySchema))).toEqual({ ok: false });
  expect(JSON.parse(textOf(await collect(aRequest("hi", { responseFormat: { type: "json" } }))))).toEqual({
    answer: "hi",
  });
});

test("a token limit cuts the answer", async () => {
  const events = await collect(aRequest("hi", { settings: { maxOutputTokens: 2 } }));
  expect(textOf(events)).toHaveLength(8);
  expect(events.at(-1)).toMatchObject({ finish: "length" });
});

test("an abort ends the answer", async () => {
  const controller = new AbortController();
  const types: string[] = [];
  for await (const event of createDemoModel().stream(aRequest("hi"), controller.signal)) {
    types.push(event.type);
    controller.abort();
  }
  expect(types).toEqual(["text", "error"]);
});

describe("the minimal instance", () => {
  test.each([
    [{ type: "string", minLength: 6 }, "demooo"],
    [{ type: "string", format: "email" }, "demo@example.com"],
    [{ enum: ["b", "a"] }, "b"],
    [{ const: 3 }, 3],
    [{ type: "integer", minimum: 4 }, 4],
    [{ type: "number", exclusiveMinimum: 4 }, 5],
    [{ type: ["null", "boolean"] }, false],
    [{ type: "array", items: { type: "integer" }, minItems: 2 }, [0, 0]],
    [{ anyOf: [{ type: "integer" }, { type: "null" }] }, 0],
    [{ $ref: "#/$defs/a", $defs: { a: { type: "boolean" } } }, false],
    [{ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, null],
    [{ type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, required: ["a"] }, { a: "demo" }],
  ])("of %j is %j", (schema, expected) => expect<unknown>(minimalInstance(schema)).toEqual(expected));

  test("of a schema that contains itself ends", () => {
    const schema = { type: "object", properties: { child: { $ref: "#" } }, required: ["child"] };
    expect(JSON.stringify(minimalInstance(schema)).length).toBeLessThan(1_000);
  });
});
