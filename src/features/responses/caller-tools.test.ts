import { afterAll, describe, expect, test } from "bun:test";
import type {
  FunctionTool,
  ResponseFunctionToolCall,
  ResponseInputItem,
  ResponseOutputItem,
} from "openai/resources/responses/responses";
import { refusalOf, startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const WEATHER: FunctionTool = {
  type: "function",
  name: "weather",
  description: "The weather in a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  strict: true,
};
const question: ResponseInputItem = { role: "user", content: "How is Hue?" };
const callWeather = (city: string) => ({ name: "weather", arguments: { city } });
const result = (call: ResponseFunctionToolCall | undefined, output: string): ResponseInputItem => ({
  type: "function_call_output",
  call_id: call?.call_id ?? "",
  output,
});

describe.each([...testDialects()])("the caller's functions in responses on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, lastBody, lastTurns } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());

  const ask = async (wire: string, input: readonly (ResponseInputItem | ResponseOutputItem)[], extra: object = {}) => {
    const response = await client.responses.create({
      model: `goclaw:${wire}`,
      input: input as ResponseInputItem[],
      tools: [WEATHER],
      ...extra,
      stream: false,
    });
    return { ...response, calls: response.output.filter((item) => item.type === "function_call") };
  };
  const resultsRead = () => [...(model.requests.at(-1)?.toolResults ?? [])];

  describe.each([...WIRES])("with a model of the $wire format", ({ wire }) => {
    test("a call is handed back, and its result is answered", async () => {
      model.enqueue({ text: "Let me look.", toolCalls: [callWeather("Hue")] }, { text: "It rains." });
      const first = await ask(wire, [question]);
      expect(first.status).toBe("completed");
      expect(first.output).toMatchObject([
        { type: "message", content: [{ text: "Let me look." }] },
        { type: "function_call", name: "weather", arguments: '{"city":"Hue"}' },
      ]);
      expect(JSON.stringify(lastBody().tools)).toContain("The weather in a city");
      const second = await ask(wire, [question, ...first.output, result(first.calls[0], "rain")]);
      expect(second.output_text).toBe("It rains.");
      expect(first.calls[0]?.id).toMatch(/^fc_[0-9a-f]{24}$/);
      expect(resultsRead()).toEqual(["rain"]);
    });

    test("the result alone continues the response that made the call", async () => {
      model.enqueue({ toolCalls: [callWeather("Hue"), { name: "datetime", arguments: {} }] }, { text: "It rains." });
      const first = await ask(wire, [question]);
      const next = { previous_response_id: first.id };
      const second = await ask(wire, [result(first.calls[0], "rain")], next);
      expect(second.output_text).toBe("It rains.");
      expect(resultsRead()).toContain("rain");
      expect(resultsRead()).toHaveLength(2);
    });

    test("the client assembles a streamed call", async () => {
      model.enqueue({ text: ["Let ", "me look."], toolCalls: [callWeather("Hue"), callWeather("Vinh")] });
      const stream = client.responses.stream({ model: `goclaw:${wire}`, input: [question], tools: [WEATHER] });
      const snapshots: string[] = [];
      stream.on("response.function_call_arguments.delta", ({ snapshot }) => snapshots.push(snapshot));
      const { output } = await stream.finalResponse();
      expect(output.map(({ type }) => type)).toEqual(["message", "function_call", "function_call"]);
      expect(snapshots).toEqual(['{"city":"Hue"}', '{"city":"Vinh"}']);
    });
  });

  test("items of the past may be named by their ids", async () => {
    model.enqueue({ reasoning: "hm", text: "Let me look.", toolCalls: [callWeather("Hue")] }, { text: "It rains." });
    const first = await ask("openai", [question], { reasoning: { summary: "auto" } });
    expect(first.output.map(({ type }) => type)).toEqual(["reasoning", "message", "function_call"]);
    const references = first.output.map(({ id }) => ({ type: "item_reference" as const, id: id ?? "" }));
    await ask("openai", [question, ...references, result(first.calls[0], "rain")]);
    expect(lastTurns().map(({ role, text }) => [role, text])).toEqual([
      ["user", "How is Hue?"],
      ["assistant", "Let me look."],
      ["tool", "rain"],
    ]);
    const [message] = await Array.fromAsync(client.responses.inputItems.list(first.id));
    await ask("openai", [{ type: "item_reference", id: message?.id ?? "" }]);
    expect(lastTurns()).toEqual([{ role: "user", text: "How is Hue?" }]);
  });

  test("the sealed reasoning of an unstored response reaches the model again", async () => {
    const unstored = { store: false, include: ["reasoning.encrypted_content"] };
    model.enqueue({ reasoning: "he is in Hue", toolCalls: [callWeather("Hue")] }, { text: "It rains." });
    const first = await ask("anthropic", [question], unstored);
    const [reasoning] = first.output;
    expect(reasoning).toMatchObject({ type: "reasoning", summary: [] });
    expect(reasoning).toHaveProperty("encrypted_content");
    expect(JSON.stringify(first)).not.toContain("he is in Hue");
    await ask("anthropic", [question, ...first.output, result(first.calls[0], "rain")], unstored);
    expect(JSON.stringify(lastBody())).toContain("he is in Hue");

    const forged = { ...reasoning, encrypted_content: "gAAAAforged" } as ResponseInputItem;
    model.enqueue({ text: "It rains." });
    const second = await ask("anthropic", [question, forged, ...first.calls, result(first.calls[0], "rain")], unstored);
    expect(second.output_text).toBe("It rains.");
    expect(JSON.stringify(lastBody())).not.toContain("gAAAAforged");
  });

  test("sealed reasoning is of no use to another user", async () => {
    const unstored = { store: false, include: ["reasoning.encrypted_content"] };
    model.enqueue({ reasoning: "he is in Hue", toolCalls: [callWeather("Hue")] });
    const first = await ask("anthropic", [question], unstored);
    await ask("anthropic", [question, ...first.output, result(first.calls[0], "rain")], { ...unstored, user: "eve" });
    expect(JSON.stringify(lastBody())).not.toContain("he is in Hue");
  });

  test("the tool choice reaches the model in its first call", async () => {
    model.script(() => ({ toolCalls: [callWeather("Hue")] }));
    await ask("openai", [question], { tool_choice: "required" });
    expect(lastBody().tool_choice).toBe("required");
    await ask("openai", [question], { tool_choice: { type: "function", name: "weather" } });
    expect(lastBody().tool_choice).toEqual({ type: "function", function: { name: "weather" } });

    const other = { ...WEATHER, name: "news" };
    const allowed = { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "weather" }] };
    await ask("openai", [question], { tools: [WEATHER, other], tool_choice: allowed });
    const names = lastBody().tools.map((tool: { function: { name: string } }) => tool.function.name);
    expect(names).toContain("weather");
    expect(names).not.toContain("news");
    expect(lastBody().tool_choice).toBe("required");
  });

  test("at most so many calls of the gateway's tools run as the caller allows", async () => {
    const call = { name: "datetime", arguments: {} };
    model.script(({ body }) => (body.tools ? { toolCalls: [call, call] } : { text: "Enough." }));
    const { output_text } = await ask("openai", [question], { tools: [], max_tool_calls: 3 });
    expect(output_text).toBe("Enough.");
    const { toolResults = [] } = model.requests.at(-1) ?? {};
    expect(toolResults.map((text) => text.includes("no more tool calls"))).toEqual([false, true]);
  });

  test("a call with a result in parts is answered, and one with an image in it is refused by name", async () => {
    model.enqueue({ toolCalls: [callWeather("Hue")] }, { text: "It rains." });
    const first = await ask("openai", [question]);
    const outputOf = (output: object[]) => ({ ...result(first.calls[0], ""), output }) as ResponseInputItem;
    const text = { type: "input_text", text: "rain" };
    await ask("openai", [question, ...first.output, outputOf([text, text])]);
    expect(resultsRead()).toEqual(["rainrain"]);
    const image = { type: "input_image", image_url: "https://example.com/x.png" };
    const refused = await refusalOf(ask("openai", [question, ...first.output, outputOf([text, image])]));
    expect(refused).toMatchObject({ status: 400, param: "input.2.output.1.type" });
  });
});
