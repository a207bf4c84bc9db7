import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const env = { GOCLAW_MODELS_MAX_ATTEMPTS: "1" };

describe.each([...testDialects()])("the model that answered on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env, wires: ["openai"] });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const create = (name: string) =>
    call("POST", "/v1/providers", { name, provider_type: "openai_compat", api_base: `${model.url}/v1` });
  await Promise.all([create("main"), create("spare")]);
  const candidates = [{ provider: "spare", model: "maker/größer 100%" }];
  const settings = { provider: "main", model: "first", model_fallback: { candidates, cooldown_enabled: false } };
  const agent = await gateway.anAgent("openai", settings);
  const OWN = "main/first";
  const FALLBACK = "spare/maker/gr%C3%B6%C3%9Fer%20100%25";
  const chat = (input: object = {}) => {
    const messages = [{ role: "user", content: "hi" }];
    return call("POST", "/v1/chat/completions", { model: `goclaw:${agent}`, messages, ...input });
  };
  const ways = [
    ["a chat", () => chat()],
    ["a streamed chat", () => chat({ stream: true })],
    ["a wake", () => call("POST", `/v1/agents/${agent}/wake`, { message: "hi" })],
  ] as const;

  test.each(ways)("is named by the header of %s, fallback or not", async (_, send) => {
    model.script(() => ({ text: "well" }));
    expect((await send()).headers.get("x-goclaw-model")).toBe(OWN);
    model.script(({ body }) => (body.model === "first" ? { status: 500 } : { text: "well" }));
    expect((await send()).headers.get("x-goclaw-model")).toBe(FALLBACK);
  });

  test("is named by the run and its events", async () => {
    model.script(({ body }) => (body.model === "first" ? { status: 500 } : { text: "well" }));
    const runId = (await chat({ stream: true })).headers.get("x-goclaw-run-id") ?? "";
    const answeredBy = { provider: "spare", model: "maker/größer 100%" };
    expect(await gateway.waitForEnd(runId)).toMatchObject(answeredBy);
    const events = await gateway.eventsOf(runId);
    const told = events.filter((event) => event.answeredBy !== undefined).map(({ type, answeredBy: by }) => [type, by]);
    expect(told).toEqual([
      ["text.delta", answeredBy],
      ["message.completed", answeredBy],
    ]);
  });

  test("is the one of the last call if a run makes several", async () => {
    let calls = 0;
    model.script(({ body }) => {
      if (body.model !== "first") return { text: "well" };
      return calls++ === 0 ? { toolCalls: [{ name: "list_files", arguments: { path: "." } }] } : { status: 500 };
    });
    const answer = await chat();
    expect(answer.headers.get("x-goclaw-model")).toBe(FALLBACK);
    const run = await gateway.waitForEnd(answer.headers.get("x-goclaw-run-id") ?? "");
    expect(run.provider).toBe("spare");
  });

  test("is also named if the answer is a call to the client's own tool", async () => {
    model.script(() => ({ toolCalls: [{ name: "mine", arguments: {} }] }));
    const tools = [{ type: "function", function: { name: "mine" } }];
    for (const stream of [false, true]) {
      expect((await chat({ tools, stream })).headers.get("x-goclaw-model")).toBe(OWN);
    }
  });

  test("is absent from a run that nobody answered", async () => {
    model.script(() => ({ status: 500 }));
    const answer = await chat();
    expect([answer.status, answer.headers.get("x-goclaw-model")]).toEqual([503, null]);
    const { runs } = (await call("GET", "/v1/runs")).body;
    expect([runs[0].status, runs[0].provider, runs[0].model]).toEqual(["failed", undefined, undefined]);
  });
});
