import { afterAll, describe, expect, test } from "bun:test";
import type { ChatCompletionFunctionTool, ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

type Turn = ChatCompletionMessageParam;

const LOOKUP: ChatCompletionFunctionTool = { type: "function", function: { name: "lookup" } };
const callLookup = { name: "lookup", arguments: { a: 1 } };
const callClock = { name: "datetime", arguments: {} };
const says = (content: string): Turn => ({ role: "user", content });

describe.each([...testDialects()])("a history that the caller sends on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, lastBody, lastTurns } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());

  async function ask(wire: string, messages: Turn[]) {
    const body = { model: `goclaw:${wire}`, messages, tools: [LOOKUP] };
    const message = (await client.chat.completions.create(body)).choices[0]?.message;
    if (!message) throw new Error("an answer has a choice");
    const results = (message.tool_calls ?? []).map(
      ({ id }): Turn => ({ role: "tool", tool_call_id: id, content: "found" }),
    );
    return { message, results };
  }
  /** Asks a question that a gateway tool and the caller's tool help to answer. */
  async function begin(wire: string, question = says("Where is my secret plum jam?")) {
    model.enqueue(
      { text: "A moment.", toolCalls: [callClock] },
      { text: "I look.", toolCalls: [callClock, callLookup] },
    );
    return { question, ...(await ask(wire, [question])) };
  }
  const rolesOf = () => lastTurns().map(({ role }) => role);
  const sent = () => JSON.stringify(lastBody());

  describe.each([...WIRES])("to a model of the $wire format", ({ wire }) => {
    test("continues the stored turn where it is the stored one", async () => {
      const { question, message, results } = await begin(wire);
      expect(message.content).toBe("A moment.\n\nI look.");
      await ask(wire, [question, message, ...results]);
      expect(model.requests.at(-1)?.toolResults).toHaveLength(2);
      expect(sent()).not.toContain("A moment.\\n\\nI look.");
      const [, first, , second] = lastTurns();
      expect([first?.text, second?.text]).toEqual(["A moment.", "I look."]);
    });

    test("reaches the model as it was edited", async () => {
      const { message, results } = await begin(wire);
      await ask(wire, [says("Where is my secret [redacted]?"), message, ...results]);
      expect(sent()).toContain("[redacted]");
      expect(sent()).not.toContain("plum jam");
      expect(
        lastTurns()
          .map(({ text }) => text)
          .filter((text) => text.endsWith(".")),
      ).toEqual(["A moment.", "I look."]);
      expect(model.requests.at(-1)?.toolResults).toHaveLength(2);
    });

    test("keeps the words of an answer that the caller changed", async () => {
      const { question, message, results } = await begin(wire);
      await ask(wire, [question, { ...message, content: "I changed this." }, ...results]);
      expect(sent()).toContain("I changed this.");
      expect(sent()).not.toContain("A moment.");
      const [clock, found] = model.requests.at(-1)?.toolResults ?? [];
      expect(JSON.parse(clock ?? "")).toMatchObject({ timezone: "UTC" });
      expect(found).toBe("found");
    });
  });

  test("may be trimmed or summarised at its beginning", async () => {
    const { question, message, results } = await begin("openai");
    model.enqueue({ text: "Four." });
    const second = await ask("openai", [question, message, ...results]);
    model.enqueue({ toolCalls: [callLookup] });
    const third = await ask("openai", [question, message, ...results, second.message, says("And mine?")]);
    await ask("openai", [says("Summary: they talked."), says("And mine?"), third.message, ...third.results]);
    expect(lastTurns().map(({ role, text }) => [role, text])).toEqual([
      ["user", "Summary: they talked."],
      ["user", "And mine?"],
      ["assistant", ""],
      ["tool", "found"],
    ]);
  });

  test("may have lost the answer that made the call", async () => {
    const { question, message, results } = await begin("openai");
    await ask("openai", [question, message, ...results.slice(0, 0), ...results]);
    await ask("openai", [says("Shortened."), ...results]);
    expect(rolesOf()).toEqual(["user", "assistant", "tool", "tool"]);
    expect(sent()).toContain("Shortened.");
    expect(sent()).not.toContain("plum jam");
  });

  test("may hold calls of several turns, edited or not", async () => {
    const { question, message, results } = await begin("openai");
    model.enqueue({ toolCalls: [callClock, callLookup] });
    const second = await ask("openai", [question, message, ...results]);
    await ask("openai", [says("Edited."), message, ...results, second.message, ...second.results]);
    expect(rolesOf().filter((role) => role === "tool")).toHaveLength(5);
    expect(sent()).toContain("Edited.");
    expect(sent()).not.toContain("plum jam");
  });

  test("may write the arguments of a call with other white space", async () => {
    const { question, message, results } = await begin("openai");
    const text = JSON.stringify(message).replaceAll('{\\"a\\":1}', '{ \\"a\\": 1 }');
    await ask("openai", [question, JSON.parse(text), ...results]);
    expect(lastTurns()[1]?.text).toBe("A moment.");
  });
});
