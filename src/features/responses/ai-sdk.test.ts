import { afterAll, describe, expect, test } from "bun:test";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, type ModelMessage, Output, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the AI SDK's responses on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, lastBody, lastTurns } = gateway;
  const openai = createOpenAI({
    apiKey: gateway.token,
    baseURL: `${gateway.url}/v1`,
    headers: { "X-GoClaw-User-Id": TEST_USER },
  });
  const agent = openai("goclaw:openai");
  afterAll(() => gateway.stop());

  const weather = tool({
    description: "The weather in a city",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `sun in ${city}`,
  });
  const callWeather = (city: string) => ({ name: "weather", arguments: { city } });

  test("a text is generated, with its usage", async () => {
    model.enqueue({ text: "Good morning", usage: { input: 11, output: 7, cacheRead: 3 } });
    const { text, usage, finishReason } = await generateText({ model: agent, prompt: "hello" });
    expect([text, finishReason]).toEqual(["Good morning", "stop"]);
    expect(usage).toMatchObject({ inputTokens: 11, outputTokens: 7, totalTokens: 18 });
  });

  test("a text is streamed in the model's pieces", async () => {
    model.enqueue({ text: ["Good ", "morning"] });
    const { textStream, finishReason } = streamText({ model: agent, prompt: "hello" });
    expect((await Array.fromAsync(textStream)).join("")).toBe("Good morning");
    expect(await finishReason).toBe("stop");
  });

  test.each(["generated", "streamed"])("the caller's tools run between the steps of a %s answer", async (way) => {
    model.enqueue({ text: "Let me look.", toolCalls: [callWeather("Hue"), callWeather("Vinh")] }, { text: "Sunny." });
    const options = { model: agent, prompt: "weather?", tools: { weather }, stopWhen: stepCountIs(3) };
    const result = way === "generated" ? await generateText(options) : streamText(options);
    if ("textStream" in result) await result.consumeStream();
    expect(await result.text).toBe("Sunny.");
    expect(await result.steps).toHaveLength(2);
    expect([...(model.requests.at(-1)?.toolResults ?? [])].sort()).toEqual(["sun in Hue", "sun in Vinh"]);
    expect(lastTurns().map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool"]);
  });

  test("a later turn names the stored answer by reference", async () => {
    model.enqueue({ text: "A moment.", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "It is late." });
    const first = await generateText({ model: agent, prompt: "What time is it?" });
    expect(first.text).toBe("A moment.\n\nIt is late.");
    const messages: ModelMessage[] = [
      { role: "user", content: "What time is it?" },
      ...first.response.messages,
      { role: "user", content: "Really?" },
    ];
    const second = await generateText({ model: agent, messages });
    expect(second.text).toBe("echo: Really?");
    expect(JSON.stringify(second.request.body)).toContain("item_reference");
    expect(lastTurns()[1]).toEqual({ role: "assistant", text: "A moment.\n\nIt is late." });
  });

  test("an unstored conversation brings its reasoning along, sealed", async () => {
    const reasoning = openai("goclaw:openai");
    const providerOptions = { openai: { store: false, include: ["reasoning.encrypted_content" as const] } };
    model.enqueue({ reasoning: "hm", toolCalls: [callWeather("Hue")] }, { text: "Sunny." });
    const options = { model: reasoning, prompt: "weather?", tools: { weather }, stopWhen: stepCountIs(3) };
    const { text, steps } = await generateText({ ...options, providerOptions });
    expect(text).toBe("Sunny.");
    expect(JSON.stringify(steps[1]?.request.body)).toContain("encrypted_content");
    expect(model.requests.at(-1)?.toolResults).toEqual(["sun in Hue"]);
  });

  test("an answer in the caller's schema is parsed", async () => {
    model.enqueue({ text: '{"city":"Hanoi"}' });
    const output = Output.object({
      schema: jsonSchema<{ city: string }>({ type: "object", properties: { city: { type: "string" } } }),
    });
    const result = await generateText({ model: agent, prompt: "capital?", output });
    expect(result.output).toEqual({ city: "Hanoi" });
    expect(lastBody().response_format.type).toBe("json_schema");
  });

  test("an image reaches the model", async () => {
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const content = [
      { type: "text" as const, text: "What is it?" },
      { type: "image" as const, image: png },
    ];
    await generateText({ model: agent, messages: [{ role: "user", content }] });
    expect(JSON.stringify(lastBody())).toContain(png);
  });

  test("a failure of the provider is an error of the stream", async () => {
    model.script(() => ({ text: ["begun", "again"], cutAfterChunks: 1 }));
    const errors: unknown[] = [];
    const result = streamText({
      model: agent,
      prompt: "hello",
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    });
    await result.consumeStream();
    expect(errors).toHaveLength(1);
    expect(await result.finishReason).toBe("error");
  });
});
