import { afterAll, describe, expect, test } from "bun:test";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const AGENT = "openai";
const OWNER = { user: "ada" };

describe.each([...testDialects()])("a run that tries a draft of its agent on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call, model, lastBody, lastSystem, waitForEnd } = gateway;
  afterAll(() => gateway.stop());
  await call("POST", "/v1/agents", { agent_key: "drafted", provider: AGENT, model: "test-model" }, OWNER);
  const file = (name: string, content: string) => call("PUT", `/v1/agents/drafted/files/${name}`, { content }, OWNER);
  await file("SOUL.md", "Speak like a pirate.");
  await file("AGENTS.md", "Answer briefly.");

  const start = (draft: object | undefined, extra: object = {}, caller: object = OWNER) =>
    call("POST", "/v1/agents/drafted/runs", { input: "hello", ...(draft && { draft }), ...extra }, caller);
  const run = async (draft?: object, extra?: object) => {
    const { status, body } = await start(draft, extra);
    expect(status).toBe(202);
    return waitForEnd(body.id);
  };
  const toolNames = () =>
    (lastBody().tools ?? []).map(({ function: { name } }: { function: { name: string } }) => name);

  test("is answered by the drafted model with its instructions, and the stored agent is as it was", async () => {
    const before = (await call("GET", "/v1/agents/drafted", undefined, OWNER)).body;
    const ended = await run({
      ...{ model: "another-model", thinking_level: "high", max_tokens: 77 },
      files: { "SOUL.md": "Speak like a poet.", "TOOLS.md": "Use few tools.", "HEARTBEAT.md": "Look around." },
    });
    expect(ended).toMatchObject({ status: "completed", model: "another-model" });
    expect(JSON.stringify(lastBody())).toContain('"model":"another-model"');
    expect(JSON.stringify(lastBody())).toMatch(/"max_(completion_)?tokens":77/);
    expect(lastSystem()).toContain("Speak like a poet.");
    expect(lastSystem()).toContain("Use few tools.");
    expect(lastSystem()).toContain("Answer briefly.");
    expect(lastSystem()).not.toMatch(/pirate|Look around/);

    expect((await call("GET", "/v1/agents/drafted", undefined, OWNER)).body).toEqual(before);
    expect((await run()).model).toBe("test-model");
    expect(lastSystem()).toContain("Speak like a pirate.");
    expect(lastSystem()).not.toMatch(/poet|few tools/);
  });

  test("is not offered a tool that the draft denies, while others of the same agent are", async () => {
    await run();
    expect(toolNames()).toContain("datetime");
    model.enqueue({ toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "done" });
    const tried = await run({ tools_config: { deny: ["datetime"] } });
    expect(toolNames()).not.toContain("datetime");
    expect(toolNames()).not.toHaveLength(0);
    expect(model.requests.at(-1)?.toolResults.join()).toContain("datetime");
    expect(tried.status).toBe("completed");
    await run();
    expect(toolNames()).toContain("datetime");
  });

  test("makes no more model calls than the draft allows, and falls back as the draft says", async () => {
    model.enqueue({ toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "that was all" });
    const before = model.requests.length;
    await run({ max_tool_iterations: 2 });
    expect(model.requests).toHaveLength(before + 2);
    expect(toolNames()).toEqual([]);
    const fallback = { enabled: true, candidates: [{ provider: AGENT, model: "spare" }] };
    const ended = await run({ provider: "missing", model_fallback: fallback });
    expect(ended).toMatchObject({ status: "completed", model: "spare" });
  });

  test("is counted and traced like every run", async () => {
    const { id, session_key } = await run({ model: "counted-model" }, { session_key: "agent:drafted:counted" });
    const readTrace = async () => (await call("GET", `/v1/traces/${id}`)).body;
    // Spans are written in the background.
    while ((await readTrace()).trace.llm_call_count === 0) await Bun.sleep(10);
    const { trace, spans } = await readTrace();
    expect(trace).toMatchObject({ status: "completed", llm_call_count: 1 });
    expect(trace.total_input_tokens).toBeGreaterThan(0);
    expect(spans.map((span: { model?: string }) => span.model)).toContain("counted-model");
    const { runs } = (await call("GET", `/v1/runs?session_key=${session_key}`, undefined, OWNER)).body;
    expect(runs).toMatchObject([{ id, model: "counted-model" }]);
  });

  test("waits with its own draft while the session is busy", async () => {
    const session_key = "agent:drafted:busy";
    model.enqueue({ text: ["one ", "two"], chunkDelayMs: 100 }, { text: "three" });
    const first = await start({ model: "first-model" }, { session_key });
    const second = await start({ model: "second-model" }, { session_key, on_busy: "queue" });
    expect((await waitForEnd(first.body.id)).model).toBe("first-model");
    expect((await waitForEnd(second.body.id)).model).toBe("second-model");
  });

  test("is for who may change the agent, and not for who may only use it", async () => {
    const share = { user_id: "bob" };
    expect((await call("POST", "/v1/agents/drafted/shares", share, OWNER)).status).toBeLessThan(300);
    const bob = { ...(await aKey(gateway, ["write"], { owner_id: "bob" })), user: null };
    expect((await start(undefined, {}, bob)).status).toBe(202);
    const refused = await start({ model: "another-model" }, {}, bob);
    expect([refused.status, refused.body.error.code]).toEqual([403, "UNAUTHORIZED"]);
    expect((await start({}, {}, bob)).status).toBe(403);
  });

  test("is refused with what an update of the agent would be refused with", async () => {
    for (const [draft, field] of [
      [{ thinking_level: "much" }, "draft.thinking_level"],
      [{ model: "../x" }, "draft.model"],
      [{ max_tokens: 1.5 }, "draft.max_tokens"],
      [{ tools_config: { deny: "datetime" } }, "draft.tools_config.deny"],
      [{ files: { "OTHER.md": "x" } }, "draft.files.OTHER.md"],
      [{ files: { "SOUL.md": "x".repeat(100_001) } }, "draft.files.SOUL.md"],
    ] as const) {
      const { status, body } = await start(draft);
      expect([status, body.error?.details?.field]).toEqual([400, field]);
    }
  });
});
