import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { readResponseStream, type WireResponseEvent } from "#testing/streams/read-response-stream.ts";
import { testDialects } from "#testing/test-database.ts";

const messages = [{ role: "user", content: "hello" }];
const OFFICIAL = { "X-Stainless-Lang": "js" };
const NEITHER = { "User-Agent": "curl/8" };

describe.each([...testDialects()])("the words of a response on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model } = gateway;
  afterAll(() => gateway.stop());

  const post = (body: object, headers: Readonly<Record<string, string>> = NEITHER) =>
    gateway.call("POST", "/v1/responses", { model: "goclaw:openai", ...body }, { headers });
  const stream = async (body: object, headers: Readonly<Record<string, string>> = NEITHER) => {
    const { text } = await post({ ...body, stream: true }, headers);
    return Array.fromAsync(readResponseStream(new Response(text)));
  };
  const isOwn = ({ type }: WireResponseEvent) => ["response.started", "response.delta", "response.done"].includes(type);
  const kindsOf = (events: readonly WireResponseEvent[]): string => {
    const [own, all] = [events.filter(isOwn).length, events.length];
    return own === 0 ? "openai" : own === all ? "goclaw" : "both";
  };

  test("of a request with messages are GoClaw's own", async () => {
    model.enqueue({ text: ["Good ", "morning"], usage: { input: 5, output: 2 } });
    const events = await stream({ messages });
    const deltas = events.slice(1, -1);
    expect(events[0]).toEqual({
      type: "response.started",
      response: {
        id: expect.stringMatching(/^resp-[0-9a-f]{32}$/),
        status: "in_progress",
        created_at: expect.any(Number),
      },
    });
    expect(deltas.map(({ delta }) => (delta as { content: string }).content).join("")).toBe("Good morning");
    expect(deltas.every(({ delta }) => (delta as { type: string }).type === "content")).toBe(true);
    expect(events.at(-1)).toMatchObject({
      type: "response.done",
      response: { status: "completed", usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
    });
  });

  test("are sent without event names and without an end mark to clients of GoClaw", async () => {
    const { text, headers } = await post({ messages, stream: true });
    expect(headers.get("content-type")).toContain("text/event-stream");
    expect(text).not.toMatch(/^event:/m);
    expect(text).not.toContain("[DONE]");
  });

  test("of a whole answer to messages have text parts and both names of the counts", async () => {
    model.enqueue({ text: "Good morning", usage: { input: 5, output: 2 } });
    const { status, body } = await post({ messages });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^resp-[0-9a-f]{32}$/),
      object: "response",
      created_at: expect.any(Number),
      model: "goclaw:openai",
      status: "completed",
      output: [{ type: "message", role: "assistant", content: [{ type: "text", text: "Good morning" }] }],
      usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7, input_tokens: 5, output_tokens: 2 },
    });
  });

  test("of input from an unknown client are both, in OpenAI's order", async () => {
    model.enqueue({ text: "hi" });
    const events = await stream({ input: "hello" });
    expect(events.map(({ type }) => type)).toEqual([
      "response.created",
      "response.started",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
      "response.done",
    ]);
    const ids = events.flatMap(({ response }) => (response ? [(response as { id: string }).id] : []));
    expect(new Set(ids).size).toBe(1);
    const whole = (await post({ input: "hello" })).body;
    expect(whole.usage).toMatchObject({ input_tokens: whole.usage.prompt_tokens, total_tokens: expect.any(Number) });
  });

  test.each([
    [{ input: "hi" }, OFFICIAL, "openai"],
    [{ input: "hi" }, { "User-Agent": "OpenAI/Python 1.99" }, "openai"],
    [{ input: "hi" }, { "User-Agent": "ai/6.0 ai-sdk/openai/3.0" }, "openai"],
    [{ input: "hi" }, { "User-Agent": "my-ai-sdk-thing" }, "both"],
    [{ messages }, OFFICIAL, "goclaw"],
    [{ input: "hi" }, { ...OFFICIAL, "X-GoClaw-Events": "both" }, "both"],
    [{ input: "hi" }, { "X-GoClaw-Events": "goclaw" }, "goclaw"],
    [{ messages }, { "X-GoClaw-Events": "reasoning, OpenAI" }, "openai"],
    [{ input: "hi" }, { ...OFFICIAL, "X-GoClaw-Events": "whatever" }, "openai"],
  ])("to %j with %j are %s", async (body, headers, expected) => {
    expect(kindsOf(await stream(body, headers))).toBe(expected);
  });

  test("a failure after the first words ends both vocabularies with it", async () => {
    model.script(() => ({ text: ["begun", "again"], cutAfterChunks: 1 }));
    const both = await stream({ input: "hello" });
    expect(both.slice(-2)).toMatchObject([
      {
        type: "response.failed",
        response: { status: "failed", error: { code: "server_error", details: { code: "UNAVAILABLE" } } },
      },
      { type: "response.done", response: { status: "failed", error: expect.any(String) } },
    ]);
    expect(both.filter(({ type }) => /completed|incomplete/.test(type))).toEqual([]);
    const own = await stream({ messages });
    expect(own.map(({ type }) => type)).toEqual(["response.started", "response.delta", "response.done"]);
  });

  test("a failure before the first word is an answer with its status", async () => {
    model.script(() => ({ status: 429 }));
    for (const body of [{ input: "hi" }, { messages }, { input: "hi", stream: true }]) {
      const { status, body: answer } = await post(body);
      expect([status, answer.error.code, answer.error.type]).toEqual([429, "RESOURCE_EXHAUSTED", "rate_limit_error"]);
    }
  });

  test("calls of the caller's tools are told in GoClaw's words too", async () => {
    model.script(() => ({ toolCalls: [{ name: "weather", arguments: { city: "Hue" } }] }));
    const tools = [{ type: "function", name: "weather", parameters: { type: "object" } }];
    const call = { type: "function_call", name: "weather", arguments: '{"city":"Hue"}' };
    expect((await post({ messages, tools })).body.output).toMatchObject([call]);
    expect((await stream({ messages, tools })).at(-1)).toMatchObject({ response: { output: [call] } });
  });
});

test("the operator chooses the words for everybody who does not choose them", async () => {
  const gateway = await startChatGateway({ wires: ["openai"], env: { GOCLAW_GATEWAY_RESPONSES_EVENTS: "goclaw" } });
  const body = { model: "goclaw:openai", input: "hi" };
  const own = await gateway.call("POST", "/v1/responses", body, { headers: OFFICIAL });
  expect(own.body.output[0].content[0].type).toBe("text");
  const headers = { "X-GoClaw-Events": "openai" };
  const chosen = await gateway.call("POST", "/v1/responses", body, { headers });
  expect(chosen.body.output[0].content[0].type).toBe("output_text");
  await gateway.stop();
});
