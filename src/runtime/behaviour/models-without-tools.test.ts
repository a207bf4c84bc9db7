import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply, RecordedRequest } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const REFUSALS: readonly (readonly [string, ModelReply])[] = [
  ["Ollama", { status: 400, text: "registry.ollama.ai/library/gemma3:4b does not support tools" }],
  ["vLLM", { status: 400, text: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser' }],
  ["OpenRouter", { status: 404, text: "No endpoints found that support tool use." }],
  ["llama.cpp", { status: 500, text: "tools param requires --jinja flag" }],
];
const MINE = [{ type: "function", function: { name: "mine", parameters: { type: "object" } } }];
const hasTools = ({ body }: RecordedRequest) => (body.tools?.length ?? 0) > 0;

describe.each([...testDialects()])("a model without tools on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let models = 0;
  const anAgent = (settings: object = {}, wire: Wire = "openai") =>
    gateway.anAgent(wire, { model: `m${++models}`, ...settings });
  /** Sends a message. Returns the answer, its run, and for each call whether it offered tools. */
  const send = async (agent: string, reply: ModelReply, input: object = {}) => {
    const before = model.requests.length;
    model.script((request) => (hasTools(request) ? reply : { text: "well" }));
    const messages = [{ role: "user", content: "hi" }];
    const answer = await call("POST", "/v1/chat/completions", { model: `goclaw:${agent}`, messages, ...input });
    const runId = answer.headers.get("x-goclaw-run-id");
    const run = runId === null ? undefined : await gateway.waitForEnd(runId);
    return { answer, run, offers: model.requests.slice(before).map(hasTools) };
  };
  const contentOf = (answer: { readonly body: { choices?: readonly { message: { content: string } }[] } }) =>
    answer.body.choices?.[0]?.message.content;

  test.each([...REFUSALS])("is asked again at once, and remembered, in the words of %s", async (_, reply) => {
    const agent = await anAgent();
    const first = await send(agent, reply);
    expect([contentOf(first.answer), first.offers]).toEqual(["well", [true, false]]);
    expect(first.run).toMatchObject({ provider: "openai", without_tools: true });
    const second = await send(agent, reply);
    expect([contentOf(second.answer), second.offers, second.run.without_tools]).toEqual(["well", [false], true]);
  });

  test.each([...WIRES])("answers over the $wire format", async ({ wire }) => {
    const { answer, offers } = await send(await anAgent({}, wire), { status: 400, text: "it does not support tools" });
    expect([contentOf(answer), offers]).toEqual(["well", [true, false]]);
  });

  test("is asked with tools again after its provider was changed, and other models always are", async () => {
    const agent = await anAgent();
    const [[, reply]] = REFUSALS as [(typeof REFUSALS)[number]];
    await send(agent, reply);
    expect((await send(await anAgent(), { text: "with tools" })).offers).toEqual([true]);
    const { providers } = (await call("GET", "/v1/providers")).body;
    const { id } = providers.find(({ name }: { name: string }) => name === "openai");
    await call("PUT", `/v1/providers/${id}`, { display_name: "Changed" });
    const { run, offers } = await send(agent, { text: "with tools" });
    expect([offers, run.without_tools]).toEqual([[true], undefined]);
  });

  test("reads earlier calls and results as text", async () => {
    const agent = await anAgent();
    let calls = 0;
    model.script((request) => {
      if (!hasTools(request)) return { text: "well" };
      if (calls++ > 0) return { status: 400, text: "it does not support tools" };
      return { toolCalls: [{ name: "list_files", arguments: { path: "." } }] };
    });
    const answer = await call("POST", `/v1/agents/${agent}/wake`, { message: "hi" });
    expect(answer.body.content).toBe("well");
    const { messages } = gateway.lastBody();
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(messages.at(-1).content).toContain("[Result of list_files]");
  });

  test.each(["required", { type: "function", function: { name: "mine" } }])(
    "is refused to a client that requires a call with %j, with words that name the cause",
    async (tool_choice) => {
      const agent = await anAgent();
      const { answer, offers } = await send(agent, REFUSALS[0]?.[1] ?? {}, { tools: MINE, tool_choice });
      expect([answer.status, answer.body.error.details.reason]).toEqual([400, "provider_tools_unsupported"]);
      expect([answer.body.error.message.includes("cannot call tools"), offers]).toEqual([true, [true]]);
      const disabled = await send(await anAgent(), REFUSALS[1]?.[1] ?? {}, { tools: MINE, tool_choice });
      expect(disabled.answer.body.error.message).toContain("--enable-auto-tool-choice");
    },
  );

  test("gives a required call to a fallback that can", async () => {
    const agent = await anAgent({ model_fallback: { candidates: [{ provider: "openai", model: "able" }] } });
    model.script(({ body }) =>
      body.model === "able"
        ? { toolCalls: [{ name: "mine", arguments: {} }] }
        : { status: 400, text: "does not support tools" },
    );
    const input = { model: `goclaw:${agent}`, messages: [{ role: "user", content: "hi" }], tools: MINE };
    const answer = await call("POST", "/v1/chat/completions", { ...input, tool_choice: "required" });
    expect(answer.body.choices[0].message.tool_calls[0].function.name).toBe("mine");
  });
});
