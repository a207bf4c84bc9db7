import { describe, expect, test } from "bun:test";
import type { ModelRequest } from "#models/language-model.ts";
import { aRequest, collect, ofType, textOf, useModelServer } from "#testing/model-fixture.ts";
import { toEvents } from "#testing/model-server.ts";

const models = useModelServer();

const TOOL = { name: "look", parameters: { type: "object", properties: { q: { type: "string" } } } } as const;
const user = (text: string) => ({ role: "user", parts: [{ type: "text", text }] }) as const;

async function send(overrides: Partial<ModelRequest> = {}) {
  const request = aRequest({ model: "gemini-2.5-flash", ...overrides });
  const events = await collect(models.aModel("gemini_native", `${models.server.url}/v1beta`), request);
  expect(events.at(-1)).toMatchObject({ type: "finish" });
  return models.lastBody();
}

test("the native address is derived from the address of the OpenAI format", async () => {
  await collect(models.aModel("gemini_native", `${models.server.url}/v1beta/openai/`), aRequest({ model: "gemini-x" }));
  expect(models.server.requests.at(-1)?.path).toBe("/v1beta/models/gemini-x:streamGenerateContent");
});

test.each([
  ["a?alt=json&key=x#y", "models/a%3Falt%3Djson%26key%3Dx%23y"],
  ["models/mine", "models/mine"],
  ["a:countTokens", "models/a%3AcountTokens"],
  ["a%2e%2e%2f", "models/a%252e%252e%252f"],
  ["a\\..\\b", "models/a%5C..%5Cb"],
])("the model %s stays one part of the path", async (model, path) => {
  await collect(models.aModel("gemini_native", `${models.server.url}/v1beta`), aRequest({ model }));
  expect(models.server.requests.at(-1)?.path).toBe(`/v1beta/${path}:streamGenerateContent`);
});

test.each(["../v1/other", "models/../../x", "..", "a/./b", "/a", "a//b", "a/"])(
  "the model %s is not asked for",
  async (model) => {
    const before = models.server.requests.length;
    const events = await collect(models.aModel("gemini_native", `${models.server.url}/v1beta`), aRequest({ model }));
    expect(events).toMatchObject([{ type: "error", error: { kind: "model_not_found" } }]);
    expect(models.server.requests.length).toBe(before);
  },
);

test.each([
  ["gemini-2.5-flash", "none", { thinkingBudget: 0, includeThoughts: false }],
  ["gemini-2.5-flash", "low", { thinkingBudget: 4_096, includeThoughts: true }],
  ["gemini-2.5-pro", "none", { thinkingBudget: 128, includeThoughts: false }],
  ["gemini-2.5-pro", "high", { thinkingBudget: 24_576, includeThoughts: true }],
  ["gemini-3.1-pro-preview", "minimal", { thinkingLevel: "low", includeThoughts: true }],
  ["gemini-3.5-flash", "none", { thinkingLevel: "minimal", includeThoughts: false }],
  ["gemini-3.5-flash", "xhigh", { thinkingLevel: "high", includeThoughts: true }],
  ["gemini-2.0-flash", "high", undefined],
  ["gemini-flash-latest", "high", undefined],
] as const)(
  "the thinking of %s with effort %s is requested in the model's own settings",
  async (model, reasoningEffort, expected) => {
    const { generationConfig } = await send({ model, settings: { reasoningEffort } });
    expect(generationConfig.thinkingConfig).toEqual(expected);
  },
);

test.each([
  ["auto", { mode: "AUTO" }],
  ["none", { mode: "NONE" }],
  ["required", { mode: "ANY" }],
  [{ name: "look" }, { mode: "ANY", allowedFunctionNames: ["look"] }],
] as const)("the tool choice %j is passed on, with the tools", async (toolChoice, expected) => {
  const body = await send({ tools: [TOOL], toolChoice });
  expect(body.toolConfig.functionCallingConfig).toEqual(expected);
  expect(body.tools[0].functionDeclarations).toMatchObject([{ name: "look" }]);
});

test("keywords that Google refuses are removed from schemas", async () => {
  const parameters = {
    type: "object",
    additionalProperties: false,
    properties: {
      at: { $ref: "#/$defs/place" },
      level: { enum: [1, "two"], default: 1 },
      default: { type: "string", examples: ["x"] },
    },
    $defs: { place: { type: "string" } },
  } as const;
  const body = await send({ tools: [{ name: "go", parameters }] });
  expect(body.tools[0].functionDeclarations[0].parameters).toEqual({
    type: "object",
    properties: { at: { type: "string" }, level: { type: "string", enum: ["1", "two"] }, default: { type: "string" } },
  });
});

test("system texts come before the conversation, and later ones become notes", async () => {
  const body = await send({ messages: [{ role: "system", text: "a" }, user("b"), { role: "system", text: "c" }] });
  expect(body.systemInstruction.parts).toEqual([{ text: "a" }]);
  expect(body.contents.at(-1)).toEqual({ role: "user", parts: [{ text: "[System note]\nc" }] });
});

test("an answer that follows a JSON schema arrives as text; with tools, older models get an instruction", async () => {
  const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
  const responseFormat = { type: "json_schema", name: "answer", schema } as const;
  const alone = await send({ responseFormat });
  expect(alone.generationConfig).toMatchObject({ responseMimeType: "application/json", responseSchema: schema });
  const beside = await send({ responseFormat, tools: [TOOL] });
  expect(beside.generationConfig).not.toHaveProperty("responseMimeType");
  expect(beside.systemInstruction.parts[0].text).toContain(JSON.stringify(schema));
});

test("the signature of a call goes back with it", async () => {
  models.server.enqueue({ toolCalls: [{ id: "a", name: "look", arguments: { q: "x" } }] });
  const events = await collect(models.aModel("gemini_native"), aRequest({ model: "gemini-3-pro", tools: [TOOL] }));
  const [call] = ofType(events, "tool_call");
  if (call === undefined) throw new Error("no call");
  expect(call.metadata).toEqual({ google: { thoughtSignature: "signed" } });
  const results = [{ callId: "a", name: "look", text: "found", isError: false }];
  const messages = [user("look"), { role: "assistant", parts: [call] }, { role: "tool", results }] as const;
  const body = await send({ model: "gemini-3-pro", messages, tools: [TOOL] });
  expect(body.contents[1].parts[0]).toMatchObject({ functionCall: { name: "look" }, thoughtSignature: "signed" });
});

test("the conversation is sent and the answer is received", async () => {
  const messages = [user("one"), { role: "assistant", parts: [{ type: "text", text: "two" }] }, user("three")] as const;
  const events = await collect(models.aModel("gemini_native"), aRequest({ messages }));
  expect(textOf(events)).toBe("echo: three");
  expect(models.server.requests.at(-1)?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
});

test("an error without a code is classified by its status name", async () => {
  const error = { message: "no", status: "RESOURCE_EXHAUSTED" };
  for (const reply of [{ body: { error } }, { raw: [toEvents({ error })] }]) {
    models.server.enqueue(reply);
    const events = await collect(models.aModel("gemini_native"));
    expect(events).toMatchObject([{ type: "error", error: { kind: "rate_limit", status: 429 } }]);
  }
});

test("an answer with a finish reason in every event is read to its end, and must not be cut off", async () => {
  const toStoppedEvent = (text: string) =>
    toEvents({ candidates: [{ content: { parts: [{ text }] }, finishReason: "STOP" }] });
  const answer = ["so ", "far ", "so good"].map(toStoppedEvent);
  for (const [raw, last] of [
    [answer, { type: "finish", finish: "stop" }],
    [[...answer, "data: {"], { type: "error", error: { kind: "malformed" } }],
  ] as const) {
    models.server.enqueue({ raw });
    const events = await collect(models.aModel("gemini_native"));
    expect(textOf(events)).toBe("so far so good");
    expect(events.at(-1)).toMatchObject(last);
  }
});

describe("an answer that the SDK continues with another request", () => {
  const begun = toEvents({
    candidates: [{ content: { parts: [{ text: "" }] }, finishReason: "CONTINUATION", continuationToken: "t" }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 1 },
  });

  test("counts the usage of both requests", async () => {
    const rest = toEvents({
      candidates: [{ content: { parts: [{ text: "b" }] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 2 },
    });
    models.server.enqueue({ raw: [begun] }, { raw: [rest] });
    const events = await collect(models.aModel("gemini_native"), aRequest({ model: "gemini-2.5-flash" }));
    expect([textOf(events), ofType(events, "finish")[0]?.usage]).toMatchObject(["b", { input: 21, output: 3 }]);
  });

  test("may fail in the second request", async () => {
    models.server.enqueue({ raw: [begun] }, { status: 429, headers: { "retry-after": "7" } });
    const events = await collect(models.aModel("gemini_native"), aRequest({ model: "gemini-2.5-flash" }));
    expect(events.at(-1)).toMatchObject({
      type: "error",
      error: { kind: "rate_limit", status: 429, retryAfterMs: 7_000 },
      usage: { input: 10, output: 1 },
    });
  });
});
