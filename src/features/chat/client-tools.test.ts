import { afterAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import type { RunnableToolFunctionWithParse } from "openai/lib/RunnableFunction";
import type {
  ChatCompletionFunctionTool,
  ChatCompletionMessageParam,
  ChatCompletionToolChoiceOption,
} from "openai/resources/chat/completions";
import { refusalOf, startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const WEATHER: ChatCompletionFunctionTool = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather in a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const question: ChatCompletionMessageParam = { role: "user", content: "How is Hue?" };
const callWeather = (city: string) => ({ name: "weather", arguments: { city } });

describe.each([...testDialects()])("the caller's own tools on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, lastBody, lastTurns } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());

  const ask = async (wire: string, messages: ChatCompletionMessageParam[], headers: Record<string, string> = {}) => {
    const request = client.chat.completions.create(
      { model: `goclaw:${wire}`, messages, tools: [WEATHER] },
      { headers },
    );
    const { data, response } = await request.withResponse();
    const [choice] = data.choices;
    if (!choice) throw new Error("an answer has a choice");
    return {
      ...choice,
      calls: (choice.message.tool_calls ?? []).filter((call) => call.type === "function"),
      session: response.headers.get("x-goclaw-session-key") ?? "",
    };
  };
  const result = (id: string | undefined, content: string): ChatCompletionMessageParam => ({
    role: "tool",
    tool_call_id: id ?? "",
    content,
  });
  const refusal = (messages: ChatCompletionMessageParam[], headers: Record<string, string> = {}) =>
    refusalOf(ask("openai", messages, headers));

  describe.each([...WIRES])("with a model of the $wire format", ({ wire }) => {
    test("a call is returned to the client, and its result is answered", async () => {
      model.enqueue({ text: "Let me look.", toolCalls: [callWeather("Hue")] }, { text: "It rains." });
      const first = await ask(wire, [question]);
      expect(first).toMatchObject({ finish_reason: "tool_calls", message: { content: "Let me look." } });
      expect(first.calls).toMatchObject([{ function: { name: "weather", arguments: '{"city":"Hue"}' } }]);
      expect(JSON.stringify(lastBody().tools)).toContain("The weather in a city");

      const second = await ask(wire, [question, first.message, result(first.calls[0]?.id, "rain, 22 degrees")]);
      expect(second).toMatchObject({ finish_reason: "stop", message: { content: "It rains." } });
      expect(model.requests.at(-1)?.toolResults).toEqual(["rain, 22 degrees"]);
      expect(JSON.stringify(lastBody())).toContain(first.calls[0]?.id ?? "no id");
    });

    test("the client assembles a streamed call", async () => {
      model.enqueue({ text: ["Let ", "me look."], toolCalls: [callWeather("Hue"), callWeather("Da Nang")] });
      const stream = client.chat.completions.stream({
        model: `goclaw:${wire}`,
        messages: [question],
        tools: [WEATHER],
      });
      const { choices } = await stream.finalChatCompletion();
      expect(choices[0]).toMatchObject({
        finish_reason: "tool_calls",
        message: {
          content: "Let me look.",
          tool_calls: [
            { type: "function", function: { name: "weather", arguments: '{"city":"Hue"}' } },
            { type: "function", function: { name: "weather", arguments: '{"city":"Da Nang"}' } },
          ],
        },
      });
    });

    test("the client's own loop runs its functions until there is an answer", async () => {
      model.enqueue({ toolCalls: [callWeather("Hue")] }, { toolCalls: [callWeather("Vinh")] }, ({ toolResults }) => ({
        text: `last: ${toolResults}`,
      }));
      const weather: RunnableToolFunctionWithParse<{ city: string }> = {
        type: "function",
        function: {
          name: "weather",
          description: "The weather in a city",
          parameters: WEATHER.function.parameters ?? {},
          parse: JSON.parse,
          function: ({ city }) => `sun in ${city}`,
        },
      };
      const runner = client.chat.completions.runTools({
        model: `goclaw:${wire}`,
        stream: true,
        messages: [question],
        tools: [weather],
      });
      expect(await runner.finalContent()).toBe("last: sun in Vinh");
      expect(lastTurns().filter(({ role }) => role === "user")[0]?.text).toBe("How is Hue?");
      expect(JSON.stringify(lastBody())).toContain("sun in Hue");
    });

    test("gateway tools of the same turn run first and are not shown", async () => {
      model.enqueue({ toolCalls: [{ name: "datetime", arguments: {} }, callWeather("Hue")] }, { text: "Done." });
      const first = await ask(wire, [question]);
      expect(first.calls.map(({ function: { name } }) => name)).toEqual(["weather"]);

      await ask(wire, [question, first.message, result(first.calls[0]?.id, "rain")]);
      const results = model.requests.at(-1)?.toolResults ?? [];
      expect(results).toHaveLength(2);
      expect(JSON.parse(results[0] ?? "")).toMatchObject({ timezone: "UTC" });
      expect(results[1]).toBe("rain");
    });

    test("a turn with gateway tools only never reaches the client", async () => {
      model.enqueue({ text: "A moment.", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "It is late." });
      const answer = await ask(wire, [question]);
      expect(answer).toMatchObject({ finish_reason: "stop", message: { content: "A moment.\n\nIt is late." } });
      expect(answer.message).not.toHaveProperty("tool_calls");
    });
  });

  test("parallel calls are answered together, in any order", async () => {
    model.enqueue({ toolCalls: [callWeather("Hue"), callWeather("Vinh")] }, { text: "Both." });
    const { message, calls } = await ask("openai", [question]);
    const [hue, vinh] = calls.map(({ id }) => id);
    expect(hue).not.toBe(vinh);
    const answer = await ask("openai", [question, message, result(vinh, "sun"), result(hue, "rain")]);
    expect(answer.message.content).toBe("Both.");
    expect([...(model.requests.at(-1)?.toolResults ?? [])].sort()).toEqual(["rain", "sun"]);
  });

  test("results alone continue the stored turn each time they are sent", async () => {
    model.enqueue({ toolCalls: [callWeather("Hue")] });
    const { calls } = await ask("openai", [question]);
    for (const attempt of [1, 2]) {
      model.enqueue({ text: `Answer ${attempt}.` });
      const answer = await ask("openai", [result(calls[0]?.id, "rain")]);
      expect(answer.message.content).toBe(`Answer ${attempt}.`);
      expect(lastTurns().map(({ role, text }) => [role, text])).toEqual([
        ["user", "How is Hue?"],
        ["assistant", ""],
        ["tool", "rain"],
      ]);
    }
  });

  test("results continue the session that a header names, once", async () => {
    model.enqueue({ toolCalls: [callWeather("Hue")] }, { text: "Rain." });
    const first = await ask("openai", [question]);
    const headers = { "X-GoClaw-Session-Key": first.session };
    const messages = [question, first.message, result(first.calls[0]?.id, "rain")];
    const second = await ask("openai", messages, headers);
    expect([second.message.content, second.session]).toEqual(["Rain.", first.session]);
    expect(lastTurns().map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect((await refusal(messages, headers)).status).toBe(400);
  });

  test("the gateway accepts calls of a history that it never saw", async () => {
    const call = { id: "call_elsewhere", type: "function" as const, function: { name: "weather", arguments: "{}" } };
    const history: ChatCompletionMessageParam[] = [
      question,
      { role: "assistant", content: null, tool_calls: [call] },
      result("call_elsewhere", "fog"),
    ];
    expect((await ask("openai", history)).message.content).toBe("echo: How is Hue?");
    expect(model.requests.at(-1)?.toolResults).toEqual(["fog"]);
  });

  test("a result without its call, a call without its result and a second result are refused", async () => {
    model.enqueue({ toolCalls: [callWeather("Hue"), callWeather("Vinh")] });
    const { message, calls } = await ask("openai", [question]);
    const [hue, vinh] = calls.map(({ id }) => id);
    const before = model.requests.length;
    for (const messages of [
      [question, result("call_nobody_made", "rain")],
      [result("call_nobody_made", "rain")],
      [question, message, result(hue, "rain")],
      [question, message, result(hue, "rain"), result(hue, "rain"), result(vinh, "sun")],
      [question, message, result(hue, "rain"), question],
    ]) {
      const error = await refusal(messages);
      expect(error).toBeInstanceOf(OpenAI.BadRequestError);
      expect(error.param).toBe("messages");
    }
    expect(model.requests.length).toBe(before);
  });

  test("another user cannot answer a call", async () => {
    model.enqueue({ toolCalls: [callWeather("Hue")] });
    const { calls } = await ask("openai", [question]);
    const { body } = await gateway.call("POST", "/v1/api-keys", { name: "k", scopes: ["write"] });
    await gateway.call("POST", "/v1/agents/openai/sharing", { user_id: "eve", role: "user" });
    const eve = gateway.client({ bearer: body.key, user: "eve" });
    const stolen = { model: "goclaw:openai", messages: [result(calls[0]?.id, "rain")], tools: [WEATHER] };
    expect(await refusalOf(eve.chat.completions.create(stolen))).toBeInstanceOf(OpenAI.BadRequestError);
  });

  test("the tool choice reaches the model in its first call", async () => {
    const choices: ChatCompletionToolChoiceOption[] = ["required", { type: "function", function: { name: "weather" } }];
    for (const tool_choice of choices) {
      model.enqueue({ toolCalls: [callWeather("Hue")] });
      const options = { model: "goclaw:openai", messages: [question], tools: [WEATHER], tool_choice };
      await client.chat.completions.create(options);
      expect(lastBody().tool_choice).toEqual(tool_choice);
    }
  });

  test("a caller's tool replaces the gateway's tool of the same name", async () => {
    model.enqueue({ toolCalls: [{ name: "datetime", arguments: {} }] });
    const own = { type: "function" as const, function: { name: "datetime", parameters: { type: "object" } } };
    const answer = await client.chat.completions.create({ model: "goclaw:openai", messages: [question], tools: [own] });
    expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
    const names = lastBody().tools.map((tool: ChatCompletionFunctionTool) => tool.function.name);
    expect(names.filter((name: string) => name === "datetime")).toHaveLength(1);
  });

  test("a torn call is never handed out: the model sends it again", async () => {
    const torn = { toolCalls: [{ name: "weather", arguments: '{"city":"H' }] };
    for (const finish of ["tool_calls", "length"] as const) {
      model.enqueue({ ...torn, finish }, { toolCalls: [callWeather("Hue")] });
      const { calls } = await ask("openai", [question]);
      expect(calls.map((call) => call.function.arguments)).toEqual(['{"city":"Hue"}']);
      expect(model.requests.at(-1)?.toolResults.join()).toContain("not valid JSON");
    }
    model.script(() => torn);
    const refused = await refusal([question]);
    expect(refused.error).toMatchObject({ details: { reason: "invalid_tool_arguments" } });
  });
});
