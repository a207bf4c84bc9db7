import { afterAll, describe, expect, test } from "bun:test";
import type { Response as OfficialResponse } from "openai/resources/responses/responses";
import { z } from "zod";
import type { ResponseObject } from "#features/responses/schema/response.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { readResponseStream } from "#testing/streams/read-response-stream.ts";
import { testDialects } from "#testing/test-database.ts";

// What strict clients refuse, and what sloppy ones send, as people reported it of other gateways.

const Status = z.enum(["in_progress", "completed", "incomplete"]);
const OutputText = z.object({
  type: z.literal("output_text"),
  text: z.string(),
  annotations: z.array(z.any()),
  logprobs: z.array(z.any()),
});
const Item = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message"),
    id: z.string(),
    status: Status,
    role: z.string(),
    content: z.array(OutputText),
  }),
  z.object({
    type: z.literal("function_call"),
    id: z.string(),
    status: Status,
    call_id: z.string(),
    arguments: z.string(),
  }),
]);
const Tool = z.object({
  description: z.string().nullable(),
  parameters: z.any().refine((value) => value !== undefined),
  strict: z.boolean().nullable(),
});
/** What callers choose, what the client adds, and what may be absent or null. */
type Loose = "metadata" | "output" | "output_text" | "reasoning" | "text" | "tool_choice" | "tools" | "usage" | "user";
type Official = Omit<OfficialResponse, Loose> & { usage: OfficialResponse["usage"] | null };

/** Does not compile if the official client knows a field that a response lacks. */
const toOfficial = (response: ResponseObject): Official => response;

/** The fields that a strict reader of the open specification demands, whatever the status is. */
const Strict = z.object({
  id: z.string(),
  object: z.literal("response"),
  created_at: z.int(),
  completed_at: z.int().nullable(),
  status: z.string(),
  incomplete_details: z.any().nullable(),
  error: z.any().nullable(),
  model: z.string(),
  output: z.array(Item),
  tools: z.array(Tool),
  tool_choice: z.any().refine((value) => value !== undefined),
  text: z.object({ format: z.object({ type: z.string() }) }),
  truncation: z.enum(["auto", "disabled"]),
  parallel_tool_calls: z.boolean(),
  temperature: z.number(),
  top_p: z.number(),
  presence_penalty: z.number(),
  frequency_penalty: z.number(),
  top_logprobs: z.int(),
  background: z.boolean(),
  store: z.boolean(),
  service_tier: z.string(),
  metadata: z.object({}),
  usage: z
    .object({
      input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
      output_tokens_details: z.object({ reasoning_tokens: z.int() }),
    })
    .nullable(),
});

describe.each([...testDialects()])("a client on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, lastTurns } = gateway;
  afterAll(() => gateway.stop());
  const headers = { "X-Stainless-Lang": "rust" };
  const post = async (body: object) =>
    gateway.call("POST", "/v1/responses", { model: "goclaw:openai", ...body }, { headers });
  const stream = async (body: object) => {
    const { text } = await post({ ...body, stream: true });
    return Array.fromAsync(readResponseStream(new Response(text)));
  };
  const tools = [{ type: "function", name: "weather" }];
  const weather = { name: "weather", arguments: { city: "Hue" } };
  const past = (call_id: string, output: string) => [
    { type: "function_call", call_id, name: "weather", arguments: "{}" },
    { type: "function_call_output", call_id, output },
  ];

  test("that demands every field finds them in each event, from the first to the last", async () => {
    model.enqueue({ text: "Let me look.", toolCalls: [weather] });
    const events = await stream({ input: "hello", tools });
    const holders = events.filter(({ response }) => response !== undefined);
    expect(holders.map(({ type }) => type)).toEqual(["response.created", "response.in_progress", "response.completed"]);
    for (const { response } of holders) expect(Strict.safeParse(response).error).toBeUndefined();
    for (const { type, item } of events) if (type.startsWith("response.output_item.")) Item.parse(item);
  });

  test("that demands a number in each event finds it in the last one of a failure too", async () => {
    model.script(() => ({ text: ["begun", "again"], cutAfterChunks: 1 }));
    const events = await stream({ input: "hello" });
    model.script(({ lastUserText }) => ({ text: `echo: ${lastUserText}` }));
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    expect(Strict.safeParse(events.at(-1)?.response).error).toBeUndefined();
  });

  test("that sends items back without their ids, states and annotations is understood", async () => {
    const input = [
      { role: "user", content: "one" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "two" }] },
      { type: "reasoning", summary: [] },
      { role: "assistant", content: [{ type: "input_text", text: "three" }] },
      { role: "user", content: "four" },
    ];
    expect((await post({ input })).status).toBe(200);
    expect(lastTurns().map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  test("that sends several rounds of calls keeps the result of each", async () => {
    const input = [{ role: "user", content: "one" }, ...past("call_a", "first"), ...past("call_b", "second")];
    expect((await post({ input, tools })).status).toBe(200);
    expect(lastTurns().map(({ role, text }) => [role, text])).toEqual([
      ["user", "one"],
      ["assistant", ""],
      ["tool", "first"],
      ["assistant", ""],
      ["tool", "second"],
    ]);
  });

  test("that names the last response and sends the whole conversation again says nothing twice", async () => {
    model.enqueue({ toolCalls: [weather] });
    const first = (await post({ input: "weather?", tools })).body;
    const [call] = first.output;
    const result = { type: "function_call_output", call_id: call.call_id, output: "rain" };
    const input = [{ role: "user", content: "weather?" }, call, result];
    expect((await post({ input, tools, previous_response_id: first.id })).status).toBe(200);
    expect(lastTurns().map(({ role, text }) => [role, text])).toEqual([
      ["user", "weather?"],
      ["assistant", ""],
      ["tool", "rain"],
    ]);
  });

  test("that goes on without the result of a call is not stuck", async () => {
    model.enqueue({ toolCalls: [weather] });
    const first = (await post({ input: "weather?", tools })).body;
    const next = await post({ input: "never mind", previous_response_id: first.id });
    expect(next.body.output[0].content[0].text).toBe("echo: never mind");
  });

  test("that keeps reasoning items of elsewhere, sealed or by name alone, goes on without them", async () => {
    for (const reasoning of [
      { type: "reasoning", id: "rs_68a1b2c3", summary: [], encrypted_content: "gAAAAABqX1a78BDq" },
      { type: "reasoning", id: "rs_68a1b2c3", summary: [] },
      { type: "reasoning", id: "rs_01a2047eeffb71b796c8df5e7e852d34", summary: [], content: [] },
    ]) {
      const input = [
        { role: "user", content: "a" },
        reasoning,
        { role: "assistant", content: "b" },
        { role: "user", content: "c" },
      ];
      for (const store of [true, false]) expect((await post({ input, store })).status).toBe(200);
      expect(lastTurns().map(({ text }) => text)).toEqual(["a", "b", "c"]);
    }
  });

  test("that comes back after the events of a run were deleted still follows it", async () => {
    model.enqueue({ text: "A moment.", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "It is late." });
    const { body } = await post({ input: "hello", background: true });
    const path = `/v1/responses/${body.id}`;
    const follow = async (after = "") => {
      const { text } = await gateway.call("GET", `${path}?stream=true${after}`, undefined, { headers });
      return Array.fromAsync(readResponseStream(new Response(text)));
    };
    const before = await follow();
    const system = gateway.gateway.database.system("the test stands in for the sweep of old events");
    await system.write((queries) => queries.deleteFrom("run_events").execute());
    const after = await follow();
    expect(after.map(({ type }) => type)).toEqual(before.map(({ type }) => type));
    expect(after.at(-1)?.response).toEqual(before.at(-1)?.response);
    for (const { sequence_number } of after) {
      const rest = after.filter((event) => Number(event.sequence_number) > Number(sequence_number));
      expect(await follow(`&starting_after=${sequence_number}`)).toEqual(rest);
    }
  });

  test("of the official package finds the usage in all its parts", async () => {
    model.enqueue({ text: "hi", usage: { input: 11, output: 7, cacheRead: 3, reasoning: 2 } });
    expect(toOfficial((await post({ input: "hello" })).body).usage).toEqual({
      input_tokens: 11,
      input_tokens_details: { cached_tokens: 3, cache_write_tokens: 0 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 18,
    });
  });

  test("learns which model answered, and in which session", async () => {
    const { headers: answered } = await post({ input: "hello" });
    expect(answered.get("x-goclaw-model")).toBe("openai/test-model");
    expect(answered.get("x-goclaw-session-key")).toStartWith("agent:openai:responses-ada-");
    expect(answered.get("x-goclaw-run-id")).toBeString();
  });
});
