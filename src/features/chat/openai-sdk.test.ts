import { afterAll, describe, expect, test } from "bun:test";
import { zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { z } from "zod";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const hello: readonly ChatCompletionMessageParam[] = [{ role: "user", content: "hello" }];

describe.each([...testDialects()])("the official client on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, lastBody, lastTurns, lastSystem } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());

  describe.each([...WIRES])("with a model of the $wire format", ({ wire }) => {
    const ask = { model: `goclaw:${wire}`, messages: [...hello] };

    test("an answer without streaming is complete and has its usage", async () => {
      model.enqueue({ text: ["Good ", "morning"], usage: { input: 11, output: 7, cacheRead: 3 } });
      const answer = await client.chat.completions.create(ask);
      expect(answer.id).toMatch(/^chatcmpl-[0-9a-f]{32}$/);
      expect(answer).toMatchObject({
        object: "chat.completion",
        model: `goclaw:${wire}`,
        choices: [{ index: 0, message: { role: "assistant", content: "Good morning" }, finish_reason: "stop" }],
        usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
      });
      expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBe(3);
      expect(Math.abs(answer.created - Date.now() / 1_000)).toBeLessThan(60);
    });

    test("a stream delivers each piece of the model's text as it arrives", async () => {
      const call = model.manual();
      const stream = await Promise.all([
        client.chat.completions.create({ ...ask, stream: true }),
        call.arrived.then(() => call.send("one ")),
      ]).then(([opened]) => opened);
      const chunks = stream[Symbol.asyncIterator]();
      const next = async () => (await chunks.next()).value.choices[0];
      expect(await next()).toMatchObject({ delta: { role: "assistant", content: "" }, finish_reason: null });
      expect(await next()).toMatchObject({ delta: { content: "one " }, finish_reason: null });
      await call.send("two ");
      expect((await next()).delta).toEqual({ content: "two " });
      await call.send("three");
      expect((await next()).delta).toEqual({ content: "three" });
      await call.finish();
      expect(await next()).toMatchObject({ delta: {}, finish_reason: "stop" });
      expect((await chunks.next()).done).toBe(true);
    });

    test("the model reads the whole conversation, system text and earlier answers too", async () => {
      const messages: ChatCompletionMessageParam[] = [
        { role: "system", content: "Speak like a sailor." },
        {
          role: "user",
          content: [
            { type: "text", text: "Where " },
            { type: "text", text: "are we?" },
          ],
        },
        { role: "assistant", content: "At sea." },
        { role: "user", content: "And the rum?" },
      ];
      const answer = await client.chat.completions.create({ ...ask, messages });
      expect(answer.choices[0]?.message.content).toBe("echo: And the rum?");
      expect(lastSystem()).toContain("Speak like a sailor.");
      expect(lastTurns()).toEqual([
        { role: "user", text: "Where are we?" },
        { role: "assistant", text: "At sea." },
        { role: "user", text: "And the rum?" },
      ]);
    });

    test("the usage comes last in a stream that requests it", async () => {
      model.enqueue({ text: ["a", "b"], usage: { input: 5, output: 2 } });
      const options = { stream: true, stream_options: { include_usage: true } } as const;
      const chunks = await Array.fromAsync(await client.chat.completions.create({ ...ask, ...options }));
      const counts = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
      expect(chunks.at(-1)).toMatchObject({ choices: [], usage: counts });
      expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
      expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
    });

    test("a length limit is reported as the finish reason", async () => {
      model.enqueue({ text: "cut of", finish: "length" });
      const answer = await client.chat.completions.create({ ...ask, max_tokens: 3 });
      expect(answer.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "cut of" } });
    });
  });

  test("sampling settings reach the model", async () => {
    const settings = {
      temperature: 0.25,
      top_p: 0.5,
      max_completion_tokens: 77,
      stop: ["END", "STOP"],
      seed: 7,
      presence_penalty: 0.5,
      frequency_penalty: -0.5,
      reasoning_effort: "high" as const,
    };
    await client.chat.completions.create({ model: "goclaw:openai", messages: [...hello], ...settings });
    const { max_completion_tokens, ...named } = settings;
    expect(lastBody()).toMatchObject({ ...named, max_tokens: max_completion_tokens, model: "test-model" });

    const basic = { temperature: 0.25, max_tokens: 99, stop: "END" };
    await client.chat.completions.create({ model: "goclaw:anthropic", messages: [...hello], ...basic });
    expect(lastBody()).toMatchObject({ temperature: 0.25, max_tokens: 99, stop_sequences: ["END"] });
  });

  test("the reasoning effort max is the highest that the model has", async () => {
    const effortFor = async (reasoning_effort: string) => {
      const body = { model: "goclaw:openai", messages: hello, reasoning_effort };
      expect((await gateway.call("POST", "/v1/chat/completions", body)).status).toBe(200);
      return lastBody().reasoning_effort;
    };
    expect(await effortFor("max")).toBe(await effortFor("xhigh"));
    expect(await effortFor("max")).toBeString();
  });

  test("a call of the past without arguments is sent with an empty object", async () => {
    const call = { id: "c1", type: "function", function: { name: "now", arguments: "" } };
    const past = [
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "c1", content: "noon" },
    ];
    const tools = [{ type: "function", function: { name: "now" } }];
    const body = { model: "goclaw:openai", messages: [...hello, ...past], tools };
    expect((await gateway.call("POST", "/v1/chat/completions", body)).status).toBe(200);
    const sent = lastBody().messages.find((message: { tool_calls?: unknown }) => message.tool_calls);
    expect(sent.tool_calls[0].function.arguments).toBe("{}");
  });

  test("nulls and unknown fields change nothing", async () => {
    const body = {
      model: "goclaw:openai",
      messages: hello,
      temperature: null,
      stop: null,
      tools: null,
      n: 1,
      zzz: [1],
    };
    const answer = await gateway.call("POST", "/v1/chat/completions", body);
    expect([answer.status, answer.body.choices[0].message.content]).toEqual([200, "echo: hello"]);
    expect(lastBody()).not.toHaveProperty("temperature");
    expect(lastBody()).not.toHaveProperty("stop");
  });

  test("the caller's schema reaches the model, and the client parses the answer", async () => {
    const Capital = z.object({ city: z.string(), people: z.number() });
    model.enqueue({ text: '{"city":"Hanoi","people":8000000}' });
    const answer = await client.chat.completions.parse({
      model: "goclaw:openai",
      messages: [...hello],
      response_format: zodResponseFormat(Capital, "capital"),
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ city: "Hanoi", people: 8_000_000 });
    expect(lastBody().response_format).toMatchObject({
      type: "json_schema",
      json_schema: { name: "capital", strict: true, schema: { type: "object", required: ["city", "people"] } },
    });
  });

  test("a JSON response format reaches the model", async () => {
    const response_format = { type: "json_object" } as const;
    model.enqueue({ text: "{}" });
    await client.chat.completions.create({ model: "goclaw:openai", messages: [...hello], response_format });
    expect(lastBody().response_format).toEqual(response_format);
  });

  test("the agents are listed as models", async () => {
    const models = await Array.fromAsync(client.models.list());
    expect(models).toContainEqual(expect.objectContaining({ id: "goclaw:openai", object: "model", owned_by: "ada" }));
    expect(models.map(({ id }) => id)).toContain("goclaw:anthropic");
    expect(models).toContainEqual(await client.models.retrieve("goclaw:openai"));
    const refusal = await client.models.retrieve("goclaw:nobody").catch((error: unknown) => error);
    expect(refusal).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });

  test("an agent is named by the model, the header, or neither", async () => {
    const named = async (name: string, headers: Record<string, string> = {}) =>
      (await client.chat.completions.create({ model: name, messages: [...hello] }, { headers })).model;
    expect(await named("agent:openai")).toBe("agent:openai");
    expect(await named("gpt-4o", { "X-GoClaw-Agent-Id": "openai" })).toBe("gpt-4o");
    const before = model.requests.length;
    await named("gpt-4o", { "X-GoClaw-Agent": "anthropic" });
    expect(model.requests.slice(before).map(({ wire }) => wire)).toEqual(["anthropic"]);
    expect(await named("goclaw:openai", { "X-GoClaw-Agent-Id": "nobody" })).toBe("goclaw:openai");
  });
});
