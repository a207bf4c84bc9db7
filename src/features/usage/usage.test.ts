import { afterAll, describe, expect, test } from "bun:test";
import { DAY, HOUR, MINUTE } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { countUsage } from "#runtime/usage/index.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";
import { killWhileCounting } from "#testing/usage/kill-while-counting.ts";
import { type StoredRun, storeRuns } from "#testing/usage/stored-run.ts";

const PRICING = JSON.stringify({ "test-model": { input_per_million: 3, output_per_million: 15 } });
const USAGE = { input: 1_000, output: 100 };
const NOTHING = {
  ...{ requests: 0, input_tokens: 0, output_tokens: 0, cost: 0, unique_users: 0 },
  ...{ errors: 0, llm_calls: 0, tool_calls: 0, avg_duration_ms: 0 },
};

describe.each([...testDialects()])("the usage of a tenant on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"], env: { GOCLAW_MODELS_PRICING: PRICING } });
  const { model, call } = gateway;
  const { database } = gateway.gateway;
  afterAll(() => gateway.stop());
  const get = async (path: string, options: CallOptions = {}) => {
    const answer = await call("GET", path, undefined, options);
    return answer.body ?? answer;
  };
  const chat = (user: string) => call("POST", "/v1/agents/openai/wake", { message: "hi" }, { user });
  const count = () => database.forTenant(MASTER_TENANT_ID).write(countUsage);
  const { id: agentId } = await get("/v1/agents/openai");
  const bob = await aKey(gateway, ["read"], { owner_id: "bob" });

  for (const user_id of ["bob", "dora"]) await call("POST", "/v1/agents/openai/shares", { user_id });
  model.enqueue({ toolCalls: [{ name: "datetime", arguments: {} }], usage: USAGE }, { text: "hello", usage: USAGE });
  await chat("ada");
  model.enqueue({ text: "hello", usage: USAGE });
  await chat("bob");
  model.enqueue({ status: 400 });
  await chat("bob");

  test("counts the present hour at once, failures too", async () => {
    const { current, previous } = await get("/v1/usage/summary");
    expect(current).toEqual({
      ...{ requests: 3, input_tokens: 3_000, output_tokens: 300, unique_users: 2, errors: 1 },
      ...{ cost: 0.0135, llm_calls: 3, tool_calls: 1, avg_duration_ms: expect.any(Number) },
    });
    expect(previous).toEqual(NOTHING);
  });

  test("is the same once it was added to the sums", async () => {
    const before = await get("/v1/usage/summary?period=today");
    await count();
    await count();
    expect(await get("/v1/usage/summary?period=today")).toEqual(before);
    expect((await get("/v1/usage/summary?period=nonsense")).current.requests).toBe(3);
  });

  test("shows other callers their own numbers alone", async () => {
    const own = (await get("/v1/usage/summary", bob)).current;
    expect([own.requests, own.input_tokens, own.errors, own.unique_users]).toEqual([2, 1_000, 1, 1]);
    expect((await get("/v1/usage/summary?user_id=ada", bob)).current).toEqual(own);
    const report = await get("/v1/usage?group_by=agent&user_id=ada", bob);
    expect([report.rows[0].request_count, report.records.length, report.total]).toEqual([2, 1, 1]);
    expect((await get("/v1/costs/summary", bob)).rows).toMatchObject([{ trace_count: 2, total_cost: 0.0045 }]);
    const days = "/v1/usage/timeseries?group_by=day&from=2026-01-01&to=2030-01-01&split_by=user";
    const usersOf = async (rank: string, options: CallOptions = {}) =>
      (await get(`${days}&rank_by=${rank}`, options)).series.map(({ key }: { key: string | null }) => key);
    expect(await usersOf("cost")).toEqual(["ada", "bob"]);
    for (const rank of ["requests", "errors"]) expect(await usersOf(rank)).toEqual(["bob", "ada"]);
    expect(await usersOf("tokens&series_limit=1")).toEqual(["ada", null]);
    expect(await usersOf("latency&user_id=ada", bob)).toEqual(["bob"]);
    const csv = (await call("GET", "/v1/usage/export", undefined, bob)).text;
    expect([csv.includes(",bob,"), csv.includes(",ada,")]).toEqual([true, false]);
  });

  test("shows another tenant nothing", async () => {
    await aTenant(gateway, "elsewhere");
    const other = await aKey(gateway, ["admin"], { tenant: "elsewhere" });
    expect((await get("/v1/usage/summary", other)).current).toEqual(NOTHING);
    expect(await get("/v1/usage", other)).toMatchObject({ points: [], rows: [], records: [], total: 0 });
    expect((await get(`/v1/usage/summary?agent_id=${agentId}`, other)).current).toEqual(NOTHING);
    expect((await get("/v1/costs/summary", other)).rows).toEqual([]);
  });

  test("is reported as points with the runs behind it, or as rows", async () => {
    const hours = await get("/v1/usage");
    expect(hours).toMatchObject({ group_by: "hour", rows: [], total: 2, limit: 20, offset: 0 });
    expect(hours.points.at(-1)).toEqual({
      bucket_time: expect.stringMatching(/T\d\d:00:00\.000Z$/),
      ...{ input_tokens: 3_000, output_tokens: 300, cache_read_tokens: 0, cache_create_tokens: 0, thinking_tokens: 0 },
      ...{ total_cost: 0.0135, request_count: 3, llm_call_count: 3, tool_call_count: 1, error_count: 1 },
      ...{ unique_users: 2, avg_duration_ms: expect.any(Number) },
      ...{ memory_docs: 0, memory_chunks: 0, kg_entities: 0, kg_relations: 0 },
    });
    expect(hours.records).toEqual([
      {
        ...{ agent_id: "openai", session_key: expect.any(String), provider: "openai", model: "test-model" },
        ...{ input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100, timestamp: expect.any(Number) },
      },
      expect.objectContaining({ input_tokens: 2_000, total_tokens: 2_200 }),
    ]);
    const agents = await get("/v1/usage?group_by=agent&limit=1&offset=1");
    expect(agents).toMatchObject({ points: [], rows: [{ key: agentId, request_count: 3 }], total: 2, offset: 1 });
    expect(agents.records).toHaveLength(1);
    const named = { headers: { "X-GoClaw-Agent-Id": "nobody" } };
    expect((await get("/v1/usage", named)).records).toEqual([]);
  });

  test("says the same in model calls, for clients that count those", async () => {
    const { current } = await get("/v1/usage/summary?period=today");
    const today = new Date().toISOString().slice(0, 10);
    const window = `from=${today}&to=${today}`;
    const calls = {
      ...{ calls: current.llm_calls, errors: current.errors, cost_usd: current.cost },
      ...{ input_tokens: current.input_tokens, output_tokens: current.output_tokens },
      total_tokens: current.input_tokens + current.output_tokens,
    };
    const { summary } = await get(`/v1/usage/events/summary?${window}`);
    expect(summary).toEqual({ ...calls, avg_duration_ms: current.avg_duration_ms });
    expect((await get(`/v1/usage/events/timeseries?${window}&group_by=day`)).points).toMatchObject([calls]);
    const { rows } = await get(`/v1/usage/events/breakdown?${window}&group_by=agent`);
    expect(rows).toMatchObject([{ key: agentId, calls: current.llm_calls }]);
    expect((await call("GET", "/v1/usage/events/summary")).status).toBe(400);
  });

  test("says how much memory there was at the end of each hour", async () => {
    const body = { agent_id: "openai", content: "Lan drinks tea.", user_id: "bob" };
    expect((await call("POST", "/v1/memory", body)).status).toBe(201);
    // The runs above may have been in the hour before.
    const runs = ["ada", "bob"].map((userId) => ({ ...aRun(agentId, new Date()), userId }));
    await storeRuns(database, MASTER_TENANT_ID, runs);
    const memoryOf = async (query: string, options: CallOptions = {}) =>
      (await get(`/v1/usage${query}`, options)).points.map(({ memory_docs, memory_chunks }: Record<string, number>) => [
        memory_docs,
        memory_chunks,
      ]);
    expect((await memoryOf("")).at(-1)).toEqual([1, 1]);
    expect((await memoryOf("?user_id=ada")).at(-1)).toEqual([0, 0]);
    expect((await memoryOf("", bob)).at(-1)).toEqual([1, 1]);
    await storeRuns(database, MASTER_TENANT_ID, [
      { ...aRun(agentId, new Date(Date.now() - 3 * HOUR)), userId: "hugo" },
    ]);
    expect(await memoryOf("?agent_id=openai&user_id=hugo")).toEqual([[0, 0]]);
    expect((await memoryOf("?agent_id=openai")).slice(-2)).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  test("refuses times and zones that there are not", async () => {
    const statusOf = async (path: string) => (await call("GET", path)).status;
    const hours = "/v1/usage/timeseries?from=2026-01-01&to=2026-01-02";
    expect(await statusOf("/v1/usage/timeseries")).toBe(400);
    expect(await statusOf("/v1/usage/breakdown?from=2026-01-01")).toBe(400);
    expect(await statusOf("/v1/usage/timeseries?from=yesterday&to=2026-01-01")).toBe(400);
    expect(await statusOf(`${hours}&tz=Mars/Olympus`)).toBe(400);
    expect(await statusOf(`${hours}&tz=${encodeURIComponent("+05:37")}`)).toBe(400);
    expect(await statusOf(`${hours}&group_by=mood`)).toBe(400);
    expect(await statusOf("/v1/usage/timeseries?from=1970-01-01&to=2026-01-01")).toBe(400);
    const months = "/v1/usage/timeseries?from=2026-01-01&to=2026-06-30";
    for (const wrong of ["split_by=mood", "split_by=model&series_limit=21", "split_by=model&rank_by=mood"]) {
      expect(await statusOf(`${hours}&${wrong}`)).toBe(400);
    }
    expect(await statusOf(`${months}&split_by=model&series_limit=3`)).toBe(400);
    expect(await statusOf(`${months}&split_by=model&series_limit=1`)).toBe(200);
    expect(await statusOf(`${hours}&timezone=Asia/Ho_Chi_Minh`)).toBe(200);
  });

  test("reaches to the end of time", async () => {
    const costs = (to: string) => get(`/v1/costs/summary?from=0001-01-01&to=${to}`);
    const all = await get("/v1/costs/summary");
    expect(await costs("9999-12-31")).toEqual(all);
    expect(await costs("9999-12-31T23:59:59Z")).toEqual(all);
    expect((await get("/v1/traces?from=0001-01-01&to=9999-12-31")).total).toBe((await get("/v1/traces")).total);
  });

  test("takes a day of the caller's time zone as a whole", async () => {
    const at = new Date("2025-03-09T04:30:00Z");
    const run = { ...aRun(agentId, at), userId: "carol" };
    await storeRuns(database, MASTER_TENANT_ID, [run]);
    const pointsOf = async (day: string, tz: string) =>
      (await get(`/v1/usage/timeseries?from=${day}&to=${day}&group_by=day&tz=${tz}`)).points;
    // The ninth has 23 hours in New York, and began at five in UTC.
    expect(await pointsOf("2025-03-08", "America/New_York")).toMatchObject([
      { bucket_time: "2025-03-08T05:00:00.000Z" },
    ]);
    expect(await pointsOf("2025-03-09", "America/New_York")).toEqual([]);
    expect(await pointsOf("2025-03-09", "Asia/Ho_Chi_Minh")).toMatchObject([
      { bucket_time: "2025-03-08T17:00:00.000Z", request_count: 1 },
    ]);
  });

  test("is exported with a row for each day, user, agent, channel and model", async () => {
    const users = ['=cmd|"x",y', "Đặng Thị Hà"];
    const at = new Date("2025-05-01T10:00:00Z");
    await storeRuns(
      database,
      MASTER_TENANT_ID,
      users.map((userId) => ({ ...aRun(agentId, at), userId })),
    );
    const answer = await call("GET", "/v1/usage/export?from=2025-04-20&to=2025-05-02");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="usage-2025-04-20.csv"');
    const [header, ...rows] = answer.text.trimEnd().split("\r\n");
    expect(header).toStartWith("time,user_id,agent_id,agent_key,channel,provider,model,request_count");
    expect(rows.toSorted()).toEqual(
      [
        `2025-05-01T00:00:00.000Z,"'=cmd|""x"",y",${agentId},openai,http,p,m,1,0,1000,2,1,7,5,0,0,0.000000003`,
        `2025-05-01T00:00:00.000Z,Đặng Thị Hà,${agentId},openai,http,p,m,1,0,1000,2,1,7,5,0,0,0.000000003`,
      ].toSorted(),
    );
  });

  test("counts a run once that began before its hour was added up and ended after", async () => {
    const summary = async () => (await get("/v1/usage/summary?period=30d&user_id=dora")).current;
    const held = Promise.withResolvers<void>();
    model.enqueue({ text: "late", usage: USAGE, hold: held.promise });
    const asked = model.requests.length;
    const answer = chat("dora");
    while (model.requests.length === asked) await Bun.sleep(5);
    expect(await summary()).toMatchObject({ requests: 1, llm_calls: 0, avg_duration_ms: 0 });
    await count();
    expect(await summary()).toMatchObject({ requests: 1, llm_calls: 0 });
    held.resolve();
    await answer;
    const ended = await summary();
    expect(ended).toMatchObject({ requests: 1, llm_calls: 1, unique_users: 1 });
    await count();
    expect(await summary()).toEqual(ended);
  });

  test("keeps what a deleted agent used", async () => {
    const key = await gateway.anAgent("openai");
    const { id } = await get(`/v1/agents/${key}`);
    await storeRuns(database, MASTER_TENANT_ID, [{ ...aRun(id, new Date(Date.now() - HOUR)), userId: "erin" }]);
    const usage = async () => (await get(`/v1/usage/summary?agent_id=${id}`)).current;
    const before = await usage();
    expect(before).toMatchObject({ requests: 1, llm_calls: 1, input_tokens: 7 });
    await call("DELETE", `/v1/agents/${key}`);
    expect(await usage()).toEqual(before);
  });

  test("counts nothing twice and loses nothing when a process is killed while it counts", async () => {
    const time = new Date(Date.now() - 2 * HOUR);
    await storeRuns(
      database,
      MASTER_TENANT_ID,
      Array.from({ length: 20 }, () => ({ ...aRun(agentId, time), userId: "gina" })),
    );
    const summary = async () => (await get("/v1/usage/summary?user_id=gina")).current;
    const before = await summary();
    expect(before).toMatchObject({ requests: 20, input_tokens: 140, tool_calls: 40 });
    const place = gateway.databaseUrl ?? gateway.home;
    for (let kills = 0; kills < 2; kills++) {
      expect(await killWhileCounting(place)).toBe("SIGKILL");
      expect(await summary()).toEqual(before);
    }
    while (await count());
    expect(await summary()).toEqual(before);
  });

  test("compares today with the whole day before", async () => {
    const now = Date.now();
    const midnight = now - (now % DAY);
    const days = [midnight - MINUTE, midnight - DAY, midnight - DAY - MINUTE];
    await storeRuns(
      database,
      MASTER_TENANT_ID,
      days.map((time) => ({ ...aRun(agentId, new Date(time)), userId: "frank" })),
    );
    const { current, previous } = await get("/v1/usage/summary?period=today&user_id=frank");
    expect([current.requests, previous.requests]).toEqual([0, 2]);
  });
});

const aRun = (agentId: string, at: Date): StoredRun => ({
  ...{ agentId, at, userId: "ada", channel: "http", duration: 1_000, status: "completed", toolCalls: 2 },
  calls: [{ provider: "p", model: "m", input: 7, output: 5, nanos: 3 }],
});
