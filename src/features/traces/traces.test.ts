import { afterAll, describe, expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { MINUTE } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import type { Span, Trace } from "#features/traces/schema.ts";
import { PROVIDER_KEY, startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";
import { type StoredRun, storeRuns } from "#testing/usage/stored-run.ts";

const PRICING = JSON.stringify({ "test-model": { input_per_million: 3, output_per_million: 15 } });
const USAGE = { input: 1_000, output: 100 };
const DATETIME = { name: "datetime", arguments: {} };
const TOKEN = `sk-live-${"a1B2".repeat(10)}`;

describe.each([...testDialects()])("the traces of runs on %s", async (dialect) => {
  const env = { GOCLAW_MODELS_PRICING: PRICING, GOCLAW_MODELS_MAX_ATTEMPTS: "2" };
  const gateway = await startChatGateway({ dialect, wires: ["openai"], env });
  const { model, call } = gateway;
  const { database } = gateway.gateway;
  afterAll(() => gateway.stop());
  const get = async (path: string, options: CallOptions = {}) => (await call("GET", path, undefined, options)).body;
  const list = async (query = "", options: CallOptions = {}): Promise<{ traces: Trace[]; total: number }> =>
    get(`/v1/traces?${query}`, options);
  const ids = async (query: string) => (await list(query)).traces.map(({ id }) => id);
  const wake = async (message: string, input: object = {}, user = "ada"): Promise<string> => {
    const { body } = await call("POST", "/v1/agents/openai/wake", { message, ...input }, { user });
    return body.run_id ?? body.error.details.run_id;
  };
  /** Waits until the spans of a run are stored, of which there are so many beside its own. */
  const spansOf = async (id: string, count: number): Promise<{ trace: Trace; spans: Span[] }> => {
    for (;;) {
      const detail = await get(`/v1/traces/${id}`);
      // The trace is read before its spans, which may be stored in between.
      const calls = detail.spans.filter(({ span_type }: Span) => span_type !== "agent").length;
      if (detail.spans.length > count && detail.trace.span_count > calls) return detail;
      await Bun.sleep(20);
    }
  };
  for (const user_id of ["bob"]) await call("POST", "/v1/agents/openai/shares", { user_id });
  const { id: agentId } = await get("/v1/agents/openai");
  const bob = await aKey(gateway, ["read"], { owner_id: "bob" });

  model.enqueue({ text: "Let me see.", toolCalls: [DATETIME], usage: USAGE }, { text: "It is late.", usage: USAGE });
  const first = await wake("What time is it?", { session_key: "agent:openai:clock" });
  model.enqueue({ text: "Chào Bob", usage: { input: 50, output: 7 } });
  const ofBob = await wake("Xin chào", {}, "bob");

  test("show a run with the numbers of its model calls", async () => {
    const { trace } = await spansOf(first, 3);
    expect(trace).toEqual({
      ...{ id: first, run_id: first, agent_id: agentId, user_id: "ada", session_key: "agent:openai:clock" },
      ...{ name: "chat openai", channel: "wake", input_preview: "What time is it?", output_preview: "It is late." },
      ...{ start_time: expect.any(String), end_time: expect.any(String), duration_ms: expect.any(Number) },
      ...{ total_input_tokens: 2_000, total_output_tokens: 200, total_cost: 0.009 },
      ...{ span_count: 4, llm_call_count: 2, tool_call_count: 1, status: "completed" },
      metadata: { total_cache_read_tokens: 0, total_cache_creation_tokens: 0 },
      created_at: trace.start_time,
    });
  });

  test("have a span for the agent, each model call and each tool call, in their order", async () => {
    const { spans } = await spansOf(first, 3);
    expect(spans.map(({ span_type, name, status }) => [span_type, name, status])).toEqual([
      ["agent", "openai", "completed"],
      ["llm_call", "openai/test-model #1", "completed"],
      ["tool_call", "datetime", "completed"],
      ["llm_call", "openai/test-model #2", "completed"],
    ]);
    const [root, thought, tool] = spans;
    expect(thought?.metadata.first_token_ms).toBeWithin(0, (thought?.duration_ms ?? -1) + 1);
    expect(root?.parent_span_id).toBeUndefined();
    expect(thought).toMatchObject({
      ...{ parent_span_id: root?.id ?? "", trace_id: first, agent_id: agentId, level: "DEFAULT" },
      ...{ model: "test-model", provider: "openai", input_tokens: 1_000, output_tokens: 100, total_cost: 0.0045 },
      ...{ finish_reason: "tool_calls", tenant_id: MASTER_TENANT_ID },
      input_preview: expect.stringContaining('{"role":"user","content":"What time is it?"}'),
      output_preview: expect.stringContaining("Let me see.\ndatetime({})"),
    });
    expect(tool).toMatchObject({
      tool_name: "datetime",
      input_preview: "{}",
      output_preview: expect.stringMatching(/20\d\d/),
    });
    expect(tool?.input_tokens).toBeUndefined();
  });

  test("are listed newest first, in pages, and found by every filter", async () => {
    expect(await list("limit=1")).toMatchObject({ traces: [{ id: ofBob }], total: 2, limit: 1, offset: 0 });
    expect(await ids("limit=1&offset=1")).toEqual([first]);
    const found = [
      ...["session_key=agent:openai:clock", "has_tool_calls=true", "tool_name=datetime", "min_input_tokens=51"],
      ...["min_output_tokens=8", "min_tool_calls=1", "user_id=ada", "q=TIME%20is", "q=clock", "q=late"],
    ];
    for (const query of found) expect([query, await ids(query)]).toEqual([query, [first]]);
    const others = ["has_tool_calls=false", "max_input_tokens=50", "max_output_tokens=7", "max_tool_calls=0", "q=chào"];
    for (const query of others) expect([query, await ids(query)]).toEqual([query, [ofBob]]);
    const both = [
      "agent=PENA",
      "channel=wake",
      "channel_query=WAK",
      `agent_id=${agentId}`,
      "agent_id=openai",
      "agentId=openai",
    ];
    for (const query of [...both, "status=completed", "status=success", "min_input_tokens=many"]) {
      expect([query, await ids(query)]).toEqual([query, [ofBob, first]]);
    }
    const none = ["agent=fox", "agent_id=nobody", "channel=http", "status=running", "status=error", "tool_name=exec"];
    for (const query of [...none, "q=100%25", "q=_", "to=2020-01-01"])
      expect([query, await ids(query)]).toEqual([query, []]);
  });

  test("are found by the time of their start, up to before the end", async () => {
    const { trace } = await get(`/v1/traces/${first}`);
    expect(await ids(`from=${trace.start_time}&to=${trace.start_time}`)).toEqual([]);
    const after = new Date(Date.parse(trace.start_time) + 1).toISOString();
    expect(await ids(`from=${trace.start_time}&to=${after}`)).toEqual([first]);
    const today = new Date().toISOString().slice(0, 10);
    expect((await list(`from=${today}&to=${today}`)).total).toBe(2);
    for (const query of ["from=yesterday", "to=25:00", "has_tool_calls=perhaps", "status=odd"]) {
      expect([query, (await call("GET", `/v1/traces?${query}`)).status]).toEqual([query, 400]);
    }
  });

  test("show others only their own, and nothing to another tenant", async () => {
    expect((await list("", bob)).traces.map(({ id }) => id)).toEqual([ofBob]);
    expect((await list("user_id=ada", bob)).total).toBe(1);
    await aTenant(gateway, "elsewhere");
    const other = await aKey(gateway, ["admin"], { tenant: "elsewhere" });
    expect((await list("", other)).total).toBe(0);
    for (const caller of [bob, other]) {
      expect((await call("GET", `/v1/traces/${first}`, undefined, caller)).status).toBe(404);
      expect((await call("GET", `/v1/traces/${first}/export`, undefined, caller)).status).toBe(404);
      expect((await get("/v1/traces/follow?session_key=agent:openai:clock", caller)).traces).toEqual([]);
    }
    expect((await call("GET", "/v1/traces/abc")).status).toBe(404);
    expect((await get(`/v1/traces/${first.replaceAll("-", "").toUpperCase()}`)).trace.id).toBe(first);
  });

  test("show a failed run and each of its attempts", async () => {
    model.enqueue({ status: 500 }, { status: 500 });
    await wake("fail please");
    const [failed] = (await list("status=error")).traces;
    expect(failed).toMatchObject({ status: "error", error: expect.stringMatching(/model/), total_cost: 0 });
    const { spans } = await spansOf(failed?.id ?? "", 2);
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ["openai", "error"],
      ["openai/test-model #1", "error"],
      ["openai/test-model #2", "error"],
    ]);
    expect(spans[1]?.error).toStartWith("server_error");
  });

  test("show the model that took over, and count its tokens alone", async () => {
    const model_fallback = { enabled: true, candidates: [{ provider: "openai", model: "second" }] };
    const agent = await gateway.anAgent("openai", { model: "first", model_fallback });
    model.enqueue({ status: 500 }, { status: 500 }, { text: "I took over", usage: USAGE });
    const { body } = await call("POST", `/v1/agents/${agent}/wake`, { message: "go" });
    const { trace, spans } = await spansOf(body.run_id, 3);
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      [agent, "completed"],
      ["openai/first #1", "error"],
      ["openai/first #2", "error"],
      ["openai/second #3", "completed"],
    ]);
    expect(trace).toMatchObject({ status: "completed", total_input_tokens: 1_000, llm_call_count: 3 });
  });

  test("show both ends of a long text, without credentials and images", async () => {
    const text = `begin ${TOKEN} ${"x ".repeat(2_000)} data:image/png;base64,${"iVBORw0K".repeat(64)} ${PROVIDER_KEY} end`;
    model.enqueue({ text: `heard ${TOKEN} ${"y ".repeat(2_000)} done` });
    const { trace, spans } = await spansOf(await wake(text), 1);
    const shown = JSON.stringify([trace, spans]);
    expect(shown.includes(TOKEN.slice(8, 24))).toBe(false);
    expect(shown.includes("iVBORw0KiVBORw0K")).toBe(false);
    for (const preview of [trace.output_preview, spans[1]?.input_preview, spans[1]?.output_preview]) {
      expect(preview?.length).toBeLessThanOrEqual(500);
      expect(preview).toContain(" […] ");
    }
    expect(trace.output_preview).toMatch(/^heard \[REDACTED\].* done$/);
  });

  test("keep their numbers when the texts of their session are deleted", async () => {
    model.enqueue({ toolCalls: [DATETIME] }, { text: "the secret is plum jam" });
    const id = await wake("tell me plum jam", { session_key: "agent:openai:private" });
    await spansOf(id, 3);
    await call("DELETE", "/v1/sessions/agent%3Aopenai%3Aprivate");
    const detail = await spansOf(id, 3);
    expect(JSON.stringify(detail)).not.toContain("plum jam");
    expect(detail.trace).toMatchObject({ status: "completed", llm_call_count: 2, tool_call_count: 1 });
    expect((await list("session_key=agent:openai:private")).total).toBe(1);
  });

  test("are exported compressed, with those of the agents that worked for the run", async () => {
    const parent = aRun(agentId);
    const [parentId = ""] = await storeRuns(database, MASTER_TENANT_ID, [parent]);
    const [childId = ""] = await storeRuns(database, MASTER_TENANT_ID, [{ ...parent, parentId }]);
    await storeRuns(database, MASTER_TENANT_ID, [{ ...parent, parentId: childId }]);
    const response = await fetch(`${gateway.url}/v1/traces/${parentId}/export`, {
      headers: { Authorization: `Bearer ${gateway.token}` },
    });
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="trace-[0-9a-f]{8}-\d{8}\.json\.gz"$/,
    );
    const exported = JSON.parse(gunzipSync(await response.bytes()).toString());
    expect(exported).toMatchObject({
      exported_at: expect.any(String),
      trace: { id: parentId },
      spans: [{ span_type: "agent" }, { span_type: "agent", name: "chat:a", metadata: { linked_trace_id: childId } }],
      sub_traces: [{ trace: { id: childId, parent_trace_id: parentId }, sub_traces: [{ sub_traces: [] }] }],
    });
  });

  test("can be followed as they change", async () => {
    const follow = (query: string) => get(`/v1/traces/follow?${query}`);
    expect((await call("GET", "/v1/traces/follow")).status).toBe(400);
    const before = await follow("agent_id=openai&limit=1");
    expect([before.limit, before.traces.length, before.spans_by_trace_id]).toEqual([1, 1, {}]);
    const held = Promise.withResolvers<void>();
    model.enqueue({ text: "slow", usage: USAGE, hold: held.promise });
    const asked = model.requests.length;
    const answer = wake("wait", { session_key: "agent:openai:slow" });
    while (model.requests.length === asked) await Bun.sleep(5);
    const during = await follow(`agent_id=openai&since=${before.next_since}&include_spans=true`);
    expect(during.traces).toMatchObject([
      { status: "running", session_key: "agent:openai:slow", total_input_tokens: 0 },
    ]);
    expect(during.traces[0].end_time).toBeUndefined();
    expect(during.spans_by_trace_id[during.traces[0].id]).toMatchObject([{ span_type: "agent", status: "running" }]);
    held.resolve();
    const id = await answer;
    const after = await follow(`session_key=agent:openai:slow&since=${during.next_since}`);
    expect(after.traces).toMatchObject([{ id, status: "completed", total_input_tokens: 1_000 }]);
    expect(
      (await follow(`session_key=agent:openai:slow&since=${new Date(Date.now() + 1).toISOString()}`)).traces,
    ).toEqual([]);
  });

  test("of a run that called a tool twice are one, on one page", async () => {
    const { body } = await call("POST", "/v1/agents", { agent_key: "twice", provider: "openai", model: "test-model" });
    for (const text of ["one", "two"]) {
      model.enqueue({ toolCalls: [DATETIME, DATETIME] }, { text });
      const { body } = await call("POST", "/v1/agents/twice/wake", { message: text });
      await spansOf(body.run_id, 4);
    }
    const query = `tool_name=datetime&agent_id=${body.id}`;
    const pages = await Promise.all([list(`${query}&limit=1`), list(`${query}&limit=1&offset=1`), list(query)]);
    expect(pages.map(({ total }) => total)).toEqual([2, 2, 2]);
    expect(pages.map(({ traces }) => traces.map(({ output_preview }) => output_preview))).toEqual([
      ["two"],
      ["one"],
      ["two", "one"],
    ]);
    expect(await ids(`${query}&q=one`)).toHaveLength(1);
    expect(await ids(`${query}&min_tool_calls=2`)).toHaveLength(2);
    expect((await list("tool_name=datetime", bob)).total).toBe(0);
  });
});

const aRun = (agentId: string): StoredRun => ({
  ...{
    agentId,
    at: new Date(Date.now() - MINUTE),
    userId: "ada",
    channel: "http",
    duration: 1_000,
    status: "completed",
    toolCalls: 0,
  },
  calls: [],
});
