import { afterAll, describe, expect, onTestFinished, test } from "bun:test";
import { HOUR, MINUTE } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { countUsage } from "#runtime/usage/index.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";
import { type StoredRun, storeRuns } from "#testing/usage/stored-run.ts";

const PRICING = JSON.stringify({
  "test-model": { input_per_million: 3, output_per_million: 15, cache_read_per_million: 0.3 },
});
const USAGE = { input: 1_000, output: 100, cacheRead: 800, reasoning: 60 };
/** 200 plain and 800 cached tokens in, and 100 out, of which 60 are reasoning. */
const COST = (200 * 3 + 800 * 0.3 + 100 * 15) / 1_000_000;

describe.each([...testDialects()])("usage on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"], env: { GOCLAW_MODELS_PRICING: PRICING } });
  const { model, call } = gateway;
  const { database } = gateway.gateway;
  afterAll(() => gateway.stop());
  const get = async (path: string) => (await call("GET", path)).body;
  const usageOf = async (model_name: string) => (await get(`/v1/usage?group_by=model&model=${model_name}`)).rows;
  const chat = (extra: object, headers: Record<string, string> = {}) => {
    const body = { model: "goclaw:openai", messages: [{ role: "user", content: "hi" }], ...extra };
    return call("POST", "/v1/chat/completions", body, { headers });
  };
  const { id: agentId } = await get("/v1/agents/openai");

  test("of a streamed answer costs what it costs as a document, with cached and reasoning tokens once", async () => {
    const rows: object[] = [];
    for (const stream of [false, true]) {
      model.enqueue({ text: "hello", usage: USAGE });
      await chat({ stream });
      const [row] = await usageOf("test-model");
      rows.push(row);
    }
    const expected = (calls: number) => ({
      ...{ input_tokens: calls * 1_000, output_tokens: calls * 100, cache_read_tokens: calls * 800 },
      ...{ request_count: calls, llm_call_count: calls, total_cost: expect.closeTo(calls * COST, 9) },
    });
    expect(rows).toEqual([1, 2].map((calls) => expect.objectContaining(expected(calls))));
    expect((await get("/v1/usage")).points.at(-1).thinking_tokens).toBe(120);
    const { traces } = await get("/v1/traces?limit=2");
    const cost = expect.closeTo(COST, 9);
    expect(traces).toMatchObject([1, 2].map(() => ({ total_cost: cost, total_input_tokens: 1_000 })));
  });

  test("of a request that is repeated under its key counts once, with one trace", async () => {
    const before = await get("/v1/usage/summary");
    model.enqueue({ text: "once", usage: USAGE });
    const headers = { "Idempotency-Key": "once" };
    const answers = [await chat({}, headers), await chat({}, headers)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const after = await get("/v1/usage/summary");
    expect(after.current.requests - before.current.requests).toBe(1);
    expect((await get("/v1/traces?q=hi")).total).toBe(3);
  });

  test("until now is the same before and after it is counted, whatever it is told apart by", async () => {
    model.enqueue({ text: "now", usage: USAGE });
    await chat({});
    const reads = [
      ...["group_by=hour", "group_by=day&tz=Asia/Kolkata", "group_by=model", "group_by=agent"],
      ...[`group_by=hour&agent_id=${agentId}`, "group_by=hour&user_id=ada"],
    ];
    const read = async () => ({
      sums: await Promise.all(["24h", "today"].map((period) => get(`/v1/usage/summary?period=${period}`))),
      parts: await Promise.all(
        reads.map(async (query) => {
          const { points, rows } = await get(`/v1/usage?${query}`);
          return { points, rows };
        }),
      ),
    });
    const before = await read();
    expect(before.sums[0].current.requests).toBeGreaterThan(0);
    expect(before.parts[0]?.points).toEqual(before.parts[4]?.points);
    while (await database.forTenant(MASTER_TENANT_ID).write(countUsage));
    expect(await read()).toEqual(before);
  });

  test("of days adds up to that of all of them, half an hour beside UTC", async () => {
    const days = ["2025-08-29", "2025-08-30", "2025-08-31"];
    const times = days.flatMap((day) =>
      ["00:10", "12:00", "18:29", "18:31", "23:50"].map((time) => `${day}T${time}:00Z`),
    );
    await storeRuns(
      database,
      MASTER_TENANT_ID,
      times.map((time) => aRun(agentId, new Date(time))),
    );
    while (await database.forTenant(MASTER_TENANT_ID).write(countUsage));
    const requestsOf = async (from: string, to: string): Promise<number> =>
      (await get(`/v1/usage/summary?from=${from}&to=${to}&tz=Asia/Kolkata`)).current.requests;
    const single = await Promise.all(days.map((day) => requestsOf(day, day)));
    // The first day of Kolkata begins at 18:30 of the day before in UTC.
    expect(single).toEqual([3, 5, 5]);
    expect(await requestsOf("2025-08-29", "2025-08-31")).toBe(13);
  });

  test("of a task that one agent hands to another is one request, and all calls are counted", async () => {
    const [boss, aide] = [await gateway.anAgent("openai"), await gateway.anAgent("openai")];
    await call("POST", "/v1/agent-links", { source_agent: boss, target_agent: aide });
    const delegate = { name: "delegate", arguments: { agent_key: aide, task: "sum up" } };
    const usage = { input: 10, output: 1 };
    model.enqueue({ toolCalls: [delegate], usage }, { text: "summed up", usage }, { text: "done", usage });
    await call("POST", `/v1/agents/${boss}/wake`, { message: "go" });
    const of = async (agent: string) => (await get(`/v1/usage/summary?agent_id=${agent}`)).current;
    expect(await of(boss)).toMatchObject({ requests: 1, llm_calls: 2, input_tokens: 20, tool_calls: 1 });
    expect(await of(aide)).toMatchObject({ requests: 0, llm_calls: 1, input_tokens: 10, unique_users: 0 });
    const { traces } = await get(`/v1/traces?agent_id=${boss}`);
    const { spans } = await get(`/v1/traces/${traces[0].id}`);
    expect(spans).toContainEqual(expect.objectContaining({ span_type: "agent", name: `delegate:${aide}` }));
    const child = (await get(`/v1/traces?agent_id=${aide}`)).traces[0];
    expect(child).toMatchObject({ parent_trace_id: traces[0].id, name: `delegate ${aide}` });
  });
});

test("the evening of a day belongs to it west of UTC, where UTC has the next day already", async () => {
  const now = new Date("2026-06-02T05:30:00Z");
  const gateway = await startTestGateway({ clock: { now: () => now } });
  onTestFinished(gateway.stop);
  const { call } = gateway;
  const { body } = await call("POST", "/v1/agents", { agent_key: "fox", provider: "demo", model: "demo" });
  const times = [now.getTime() - MINUTE, now.getTime() - 12 * HOUR, now.getTime() - 24 * HOUR];
  await storeRuns(
    gateway.gateway.database,
    MASTER_TENANT_ID,
    times.map((time) => aRun(body.id, new Date(time))),
  );
  const requestsOf = async (query: string) => (await call("GET", `/v1/usage/summary?${query}`)).body.current.requests;
  expect(await requestsOf("period=today&tz=America/Los_Angeles")).toBe(2);
  expect(await requestsOf("from=2026-06-01&to=2026-06-01&tz=America/Los_Angeles")).toBe(2);
  expect(await requestsOf("period=today")).toBe(1);
});

const aRun = (agentId: string, at: Date): StoredRun => ({
  ...{ agentId, at, userId: "ada", channel: "http", duration: 1_000, status: "completed", toolCalls: 0 },
  calls: [],
});
