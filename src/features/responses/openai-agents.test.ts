import { afterAll, describe, expect, test } from "bun:test";
import { Agent, OpenAIProvider, Runner, tool } from "@openai/agents";
import { z } from "zod";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("OpenAI's agents on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, lastTurns, lastSystem } = gateway;
  const runner = new Runner({
    modelProvider: new OpenAIProvider({ apiKey: gateway.token, baseURL: `${gateway.url}/v1` }),
    tracingDisabled: true,
  });
  afterAll(() => gateway.stop());

  const weather = tool({
    name: "weather",
    description: "The weather in a city",
    parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => `sun in ${city}`,
  });
  const guide = new Agent({ name: "Guide", instructions: "Be brief.", model: "goclaw:openai", tools: [weather] });
  const callWeather = (city: string) => ({ name: "weather", arguments: { city } });

  test("run their tools until there is an answer", async () => {
    model.enqueue({ toolCalls: [callWeather("Hue"), callWeather("Vinh")] }, { text: "Sunny." });
    const result = await runner.run(guide, "weather?");
    expect(result.finalOutput).toBe("Sunny.");
    expect(lastSystem()).toContain("Be brief.");
    expect([...(model.requests.at(-1)?.toolResults ?? [])].sort()).toEqual(["sun in Hue", "sun in Vinh"]);
  });

  test("stream their runs", async () => {
    model.enqueue({ text: "Let me look.", toolCalls: [callWeather("Hue")] }, { text: ["Sun", "ny."] });
    const result = await runner.run(guide, "weather?", { stream: true });
    const text = (await Array.fromAsync(result.toTextStream())).join("");
    await result.completed;
    expect(text).toContain("Sunny.");
    expect(result.finalOutput).toBe("Sunny.");
  });

  test("go on from the last response", async () => {
    model.enqueue({ text: "Hue." });
    const first = await runner.run(guide, "Where am I?");
    const second = await runner.run(guide, "Sure?", { previousResponseId: first.lastResponseId ?? "" });
    expect(second.finalOutput).toBe("echo: Sure?");
    expect(lastTurns()).toEqual([
      { role: "user", text: "Where am I?" },
      { role: "assistant", text: "Hue." },
      { role: "user", text: "Sure?" },
    ]);
  });

  test("go on from their own history, tools included", async () => {
    model.enqueue({ toolCalls: [callWeather("Hue")] }, { text: "Sunny." });
    const first = await runner.run(guide, "weather?");
    await runner.run(guide, [...first.history, { role: "user" as const, content: "Sure?" }]);
    expect(lastTurns().map(({ role, text }) => [role, text])).toEqual([
      ["user", "weather?"],
      ["assistant", ""],
      ["tool", "sun in Hue"],
      ["assistant", "Sunny."],
      ["user", "Sure?"],
    ]);
  });

  test("share a conversation by its id", async () => {
    const conversationId = "agents-conversation";
    await runner.run(guide, "one", { conversationId });
    model.enqueue({ toolCalls: [callWeather("Hue")] }, { text: "Sunny." });
    const second = await runner.run(guide, "two", { conversationId });
    expect(second.finalOutput).toBe("Sunny.");
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "two", "", "sun in Hue"]);
  });

  test("hand over to one another", async () => {
    await gateway.anAgent("openai");
    const expert = new Agent({ name: "Expert", model: "goclaw:openai", instructions: "You know it." });
    const desk = new Agent({ name: "Desk", model: "goclaw:openai", handoffs: [expert] });
    model.enqueue({ toolCalls: [{ name: "transfer_to_Expert", arguments: {} }] }, { text: "Forty-two." });
    const result = await runner.run(desk, "the answer?");
    expect([result.finalOutput, result.lastAgent?.name]).toEqual(["Forty-two.", "Expert"]);
  });

  test("parse an answer in their own schema", async () => {
    model.enqueue({ text: '{"city":"Hanoi"}' });
    const typed = new Agent({ name: "Typed", model: "goclaw:openai", outputType: z.object({ city: z.string() }) });
    expect((await runner.run(typed, "capital?")).finalOutput).toEqual({ city: "Hanoi" });
  });
});
