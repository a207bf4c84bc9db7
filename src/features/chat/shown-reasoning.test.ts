import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const ask = [{ role: "user" as const, content: "2+2" }];
const ALL = { "X-GoClaw-Events": "reasoning" };

describe.each([...testDialects()])("the model's reasoning on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env: { GOCLAW_MODELS_MAX_ATTEMPTS: "2" } });
  const { model } = gateway;
  afterAll(() => gateway.stop());

  /** Returns the reasoning and the text of an answer. */
  async function read(agent: string, stream: boolean, headers: Readonly<Record<string, string>>) {
    const client = gateway.client({ headers });
    const body = { model: `goclaw:${agent}`, messages: ask };
    const fieldOf = (part: object | undefined) => (part as { reasoning_content?: string }).reasoning_content;
    if (!stream) {
      const [choice] = (await client.chat.completions.create(body)).choices;
      return [fieldOf(choice?.message), choice?.message.content];
    }
    let [reasoning, text] = ["", ""];
    for await (const { choices } of await client.chat.completions.create({ ...body, stream: true })) {
      reasoning += fieldOf(choices[0]?.delta) ?? "";
      text += choices[0]?.delta.content ?? "";
    }
    return [reasoning || undefined, text];
  }

  describe.each([...WIRES])("in the $wire format", ({ wire }) => {
    test.each([false, true])("is shown to those who ask for it, with stream %p", async (stream) => {
      model.script(() => ({ reasoning: ["he wants ", "a number"], text: "Four." }));
      expect(await read(wire, stream, {})).toEqual([undefined, "Four."]);
      expect(await read(wire, stream, ALL)).toEqual(["he wants a number", "Four."]);
      const list = { "X-GoClaw-Events": "tools, Reasoning" };
      expect(await read(wire, stream, list)).toEqual(["he wants a number", "Four."]);
    });
  });

  test.each([false, true])("is shown by an agent that is set so, with stream %p", async (stream) => {
    const agent = await gateway.anAgent("openai", { other_config: { show_reasoning: true } });
    model.script(() => ({ reasoning: "hm", text: "Four." }));
    expect(await read(agent, stream, {})).toEqual(["hm", "Four."]);
  });

  test.each([false, true])("is told from the text that holds it, with stream %p", async (stream) => {
    model.script(() => ({ text: ["<th", "ink>\nhe wants a number</thi", "nk>\n\nFour."] }));
    expect(await read("openai", stream, {})).toEqual([undefined, "Four."]);
    expect(await read("openai", stream, ALL)).toEqual(["he wants a number", "Four."]);
  });

  test("stays in the text of a provider that is set so", async () => {
    const provider = { name: "plain", provider_type: "openai_compat", api_base: `${model.url}/v1`, api_key: "sk" };
    await gateway.call("POST", "/v1/providers", { ...provider, settings: { thought_marks: "text" } });
    const agent = await gateway.anAgent("openai", { provider: "plain" });
    model.script(() => ({ text: "<think>hm</think>Four." }));
    expect(await read(agent, false, ALL)).toEqual([undefined, "<think>hm</think>Four."]);
  });

  test("that stood in the text is neither in a wake's answer nor in what the model reads later", async () => {
    model.script(() => ({ text: "<think>he wants a number</think>\n\nFour." }));
    const wake = (message: string) =>
      gateway.call("POST", "/v1/agents/openai/wake", { message, session_key: "agent:openai:thoughts" });
    expect((await wake("2+2")).body.content).toBe("Four.");
    await wake("again");
    expect(JSON.stringify(gateway.lastBody())).not.toContain("he wants a number");
  });

  test("of a call that failed is not that of the answer", async () => {
    const replies = [{ reasoning: "in vain", text: "" }];
    model.script(() => replies.shift() ?? { reasoning: "hm", text: "Four." });
    const [reasoning, text] = await read("openai", false, ALL);
    expect([reasoning, text]).toEqual(["hm", "Four."]);
  });
});
