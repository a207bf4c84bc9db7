import { afterAll, describe, expect, test } from "bun:test";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const PNG =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const says = (content: string, more: object = {}) => ({ role: "user" as const, content, ...more });

describe.each([...testDialects()])("what clients of OpenAI send on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, call, lastBody, lastTurns } = gateway;
  afterAll(() => gateway.stop());
  const ask = async (
    wire: Wire,
    messages: readonly object[],
    more: object = {},
    headers: Record<string, string> = {},
  ) => call("POST", "/v1/chat/completions", { model: `goclaw:${wire}`, messages, ...more }, { headers });
  const tools = [{ type: "function", function: { name: "now" } }];

  describe.each([...WIRES])("to a model of the $wire format", ({ wire }) => {
    test.each<readonly [string, ChatCompletionMessageParam[], string]>([
      ["whose last message is the system's", [says("hi"), { role: "system", content: "Answer in French." }], "French"],
      ["of one system message", [{ role: "system", content: "Write a title." }], "Write a title."],
      ["of a developer message", [{ role: "developer", content: "Write a title." }], "Write a title."],
      [
        "of system messages",
        [
          { role: "system", content: "Be short." },
          { role: "system", content: "Go." },
        ],
        "Go.",
      ],
      [
        "whose last message is the assistant's",
        [says("Tell."), { role: "assistant", content: "Once upon" }],
        "Once upon",
      ],
      ["that begins with a greeting", [{ role: "assistant", content: "Hello!" }, says("hi")], "Hello!"],
    ])("a conversation %s is answered", async (_, messages, sent) => {
      model.script(() => ({ text: "fine" }));
      expect((await ask(wire, messages)).body.choices[0].message.content).toBe("fine");
      expect(JSON.stringify(lastBody())).toContain(sent);
      expect(lastTurns().some(({ role }) => role === "user")).toBe(true);
    });

    test("the name of a user reaches the model", async () => {
      await ask(wire, [says("hi", { name: "alice" }), says("ho", { name: "Nguyễn Văn" })]);
      const sent = JSON.stringify(lastBody());
      if (wire === "openai") expect(sent).toContain('{"role":"user","name":"alice","content":"hi"}');
      else expect(sent).toContain("alice: ");
      expect(sent).toContain("Nguyễn Văn: ");
    });
  });

  test("whether calls may be parallel is passed on", async () => {
    await ask("openai", [says("hi")], { tools, parallel_tool_calls: false });
    expect(lastBody().parallel_tool_calls).toBe(false);
    await ask("openai", [says("hi")], { tools });
    expect(lastBody()).not.toHaveProperty("parallel_tool_calls");
    await ask("anthropic", [says("hi")], { tools, parallel_tool_calls: false });
    expect(lastBody().tool_choice).toMatchObject({ disable_parallel_tool_use: true });
  });

  test("how closely the model looks at an image is passed on", async () => {
    const content = [{ type: "image_url", image_url: { url: PNG, detail: "low" } }];
    await ask("openai", [{ role: "user", content }]);
    expect(lastBody().messages.at(-1).content[0].image_url.detail).toBe("low");
  });

  test("what changes nothing is taken", async () => {
    const more = { logprobs: false, top_logprobs: null, logit_bias: {}, modalities: ["text"], n: 1 };
    expect((await ask("openai", [says("hi")], more)).status).toBe(200);
  });

  test.each([false, true])(
    "functions are tools, and their calls come back in that form, with stream %p",
    async (stream) => {
      const functions = [{ name: "now", parameters: { type: "object", properties: {} } }];
      model.enqueue({ text: "A moment.", toolCalls: [{ name: "now", arguments: {} }] });
      const answer = await ask("openai", [says("time?")], { functions, function_call: { name: "now" }, stream });
      expect(lastBody().tool_choice).toEqual({ type: "function", function: { name: "now" } });
      expect(lastBody().tools.at(-1).function.name).toBe("now");
      if (stream) {
        expect(answer.text).toContain('"function_call":{"name":"now","arguments":"{}"}');
        expect(answer.text).toContain('"finish_reason":"function_call"');
        expect(answer.text).not.toContain("tool_calls");
        return;
      }
      const [{ message, finish_reason }] = answer.body.choices;
      expect([finish_reason, message.function_call]).toEqual(["function_call", { name: "now", arguments: "{}" }]);
      model.enqueue({ text: "Noon." });
      const result = { role: "function", name: "now", content: "12:00" };
      const next = await ask("openai", [says("time?"), message, result], { functions });
      expect(next.body.choices[0].message.content).toBe("Noon.");
      expect(model.requests.at(-1)?.toolResults).toEqual(["12:00"]);
    },
  );

  test("a session with nothing new to answer is a bad request", async () => {
    const headers = { "X-GoClaw-Session-Key": "agent:openai:still" };
    await ask("openai", [says("hi")], {}, headers);
    const again = await ask("openai", [says("hi"), { role: "assistant", content: "echo: hi" }], {}, headers);
    expect([again.status, again.body.error.param]).toEqual([400, "messages"]);
  });
});
