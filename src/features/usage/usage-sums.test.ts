import { afterAll, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { HOUR, MINUTE } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { countUsage, rebuildUsage } from "#runtime/usage/index.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";
import { createRandom, makeRuns } from "#testing/usage/random-runs.ts";
import { type StoredRun, storeLooseCall, storeRuns } from "#testing/usage/stored-run.ts";

const FROM = new Date("2026-03-05T00:00:00Z");
const DAYS = 40;
/** Some change their clocks in these days: New York by an hour, Lord Howe by half an hour, Beirut at midnight. */
const ZONES = [
  ...["UTC", "Asia/Ho_Chi_Minh", "Asia/Kolkata", "Asia/Kathmandu"],
  ...["America/New_York", "Australia/Lord_Howe", "Asia/Beirut"],
];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Counts runs plainly, as the gateway should. */
function recount(runs: readonly StoredRun[]) {
  const requests = runs.filter(({ parentId }) => parentId === undefined);
  const ended = requests.flatMap(({ duration }) => duration ?? []);
  const calls = runs.flatMap((run) => run.calls);
  return {
    requests: requests.length,
    input_tokens: sum(calls.map(({ input }) => input)),
    output_tokens: sum(calls.map(({ output }) => output)),
    cost: sum(calls.map(({ nanos }) => nanos)) / 1e9,
    unique_users: new Set(requests.map(({ userId }) => userId)).size,
    errors: requests.filter(({ status }) => status === "failed").length,
    llm_calls: calls.length,
    tool_calls: sum(runs.map(({ duration, toolCalls }) => (duration === undefined ? 0 : toolCalls))),
    avg_duration_ms: ended.length === 0 ? 0 : Math.round(sum(ended) / ended.length),
  };
}

/** The local day or hour of a time, written by the JavaScript engine. Two hours of one name differ in their offset. */
function nameOf(at: Date, timeZone: string, group: "hour" | "day"): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", hourCycle: "h23" },
      timeZoneName: "longOffset",
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = `${parts.year}-${parts.month}-${parts.day}`;
  return group === "day" ? day : `${day} ${parts.hour} ${parts.timeZoneName}`;
}

describe.each([...testDialects()])("sums of usage on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call, stop } = gateway;
  afterAll(stop);
  const { database } = gateway.gateway;
  const anAgent = async (agent_key: string): Promise<string> =>
    (await call("POST", "/v1/agents", { agent_key, provider: "demo", model: "demo" })).body.id;
  const agentIds = [await anAgent("fox"), await anAgent("owl")];
  const random = createRandom(20_261_126);
  const runs: StoredRun[] = [];
  const loose: StoredRun[] = [];
  const count = () => database.forTenant(MASTER_TENANT_ID).write(countUsage);

  // Runs come in any order of their times, and are counted in between.
  for (let batch = 0; batch < 5; batch++) {
    const made = makeRuns(random, { agentIds, from: FROM, days: DAYS, count: 60 });
    await storeRuns(database, MASTER_TENANT_ID, made);
    runs.push(...made);
    for (const run of makeRuns(random, { agentIds, from: FROM, days: DAYS, count: 4 })) {
      for (const one of run.calls) await storeLooseCall(database, MASTER_TENANT_ID, run, one);
      loose.push({ ...run, parentId: "none", duration: undefined, channel: "" });
    }
    if (batch < 4) while (await count());
  }
  const all = [...runs, ...loose];
  const within = (from: Date, to: Date) => all.filter(({ at }) => at >= from && at < to);
  const get = async (path: string, query: Record<string, string>) => {
    const answer = await call("GET", `${path}?${new URLSearchParams(query)}`);
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.body;
  };
  const randomWindow = () => {
    const from = new Date(FROM.getTime() + Math.floor(random() * 30 * 24 * HOUR));
    return { from, to: new Date(from.getTime() + Math.floor(random() * 12 * 24 * HOUR)) };
  };

  test("are what a plain count of any window gives, and of the one before", async () => {
    for (let tries = 0; tries < 25; tries++) {
      const { from, to } = randomWindow();
      const { current, previous } = await get("/v1/usage/summary", { from: from.toISOString(), to: to.toISOString() });
      const length = to.getTime() - from.getTime();
      expect(current).toEqual(recount(within(from, to)));
      expect(previous).toEqual(recount(within(new Date(from.getTime() - length), from)));
    }
  });

  test("are what a plain count of some minutes gives", async () => {
    for (const { at } of runs.slice(0, 25)) {
      const minutes = () => Math.floor(random() * 10 * MINUTE);
      const [from, to] = [new Date(at.getTime() - minutes()), new Date(at.getTime() + 1 + minutes())];
      const { current } = await get("/v1/usage/summary", { from: from.toISOString(), to: to.toISOString() });
      expect(current).toEqual(recount(within(from, to)));
    }
  });

  test("are the same for each filter", async () => {
    const [from, to] = [new Date("2026-03-07T03:04:05.678Z"), new Date("2026-04-03T21:00:00Z")];
    const window = { from: from.toISOString(), to: to.toISOString() };
    const all = within(from, to);
    const summary = async (filter: Record<string, string>) =>
      (await get("/v1/usage/summary", { ...window, ...filter })).current;
    expect(await summary({ agent_id: "fox" })).toEqual(recount(all.filter(({ agentId }) => agentId === agentIds[0])));
    expect(await summary({ user_id: "王小明" })).toEqual(recount(all.filter(({ userId }) => userId === "王小明")));
    expect(await summary({ channel: "wake" })).toEqual(recount(all.filter(({ channel }) => channel === "wake")));
    const model = await summary({ model: "gpt-4o" });
    const ofModel = all.flatMap(({ calls }) => calls).filter((one) => one.model === "gpt-4o");
    expect([model.llm_calls, model.input_tokens, model.cost]).toEqual([
      ofModel.length,
      sum(ofModel.map(({ input }) => input)),
      sum(ofModel.map(({ nanos }) => nanos)) / 1e9,
    ]);
    expect(await summary({ agent_id: "nobody" })).toEqual(recount([]));
  });

  test.each(ZONES)("by days and hours of %s are what a plain count of its calendar gives", async (tz) => {
    const [from, to] = [new Date("2026-03-06T05:17:00Z"), new Date("2026-04-12T00:00:00Z")];
    for (const group_by of ["hour", "day"] as const) {
      const query = { from: from.toISOString(), to: to.toISOString(), group_by, tz };
      const { points } = await get("/v1/usage/timeseries", query);
      const groups = Map.groupBy(within(from, to), ({ at }) => nameOf(at, tz, group_by));
      // A run without model calls and without a request counts nowhere.
      const expected = new Map([...groups].filter(([, { length }]) => length > 0));
      expect(
        points.map(({ bucket_time }: { bucket_time: string }) => nameOf(new Date(bucket_time), tz, group_by)).sort(),
      ).toEqual([...expected.keys()].filter((name) => hasFacts(expected.get(name) ?? [])).sort());
      for (const point of points) {
        const counted = recount(groups.get(nameOf(new Date(point.bucket_time), tz, group_by)) ?? []);
        expect(point).toMatchObject({
          request_count: counted.requests,
          input_tokens: counted.input_tokens,
          total_cost: counted.cost,
          llm_call_count: counted.llm_calls,
          tool_call_count: counted.tool_calls,
          error_count: counted.errors,
          unique_users: counted.unique_users,
          avg_duration_ms: counted.avg_duration_ms,
        });
      }
    }
  });

  test.each(["provider", "model", "channel", "agent"])("by %s add up to those of the whole", async (group_by) => {
    const [from, to] = ["2026-03-10T10:10:10Z", "2026-04-01T00:00:01Z"];
    const { rows } = await get("/v1/usage/breakdown", { from, to, group_by });
    const whole = recount(within(new Date(from), new Date(to)));
    const total = (field: string) => sum(rows.map((row: Record<string, number>) => row[field] ?? 0));
    expect([total("request_count"), total("llm_call_count"), total("input_tokens"), total("tool_call_count")]).toEqual([
      whole.requests,
      whole.llm_calls,
      whole.input_tokens,
      whole.tool_calls,
    ]);
    expect(total("total_cost")).toBeCloseTo(whole.cost, 9);
    const weights = rows.map((row: Record<string, number>) =>
      group_by === "channel" ? row.request_count : row.input_tokens,
    );
    expect(weights).toEqual(weights.toSorted((a: number, b: number) => b - a));
  });

  test.each(["provider", "model", "channel", "agent", "user"])(
    "over time by %s are those of its largest values",
    async (split_by) => {
      const window = { from: "2026-03-08T10:10:10Z", to: "2026-03-20T00:00:01Z", tz: "Asia/Kolkata" };
      const filterOf = { provider: "provider", model: "model", channel: "channel", agent: "agent_id", user: "user_id" }[
        split_by
      ];
      const plain = await get("/v1/usage/timeseries", { ...window, group_by: "day" });
      const measures = { cost: "total_cost", requests: "request_count", errors: "error_count" };
      for (const [rank_by, field] of Object.entries(measures)) {
        for (const group_by of ["day", "hour"] as const) {
          const query = { ...window, group_by, split_by, rank_by, series_limit: "2" };
          const { points, series } = await get("/v1/usage/timeseries", query);
          if (group_by === "day") expect(points).toEqual(plain.points);
          const totalOf = ({ points }: { points: Record<string, number>[] }) =>
            sum(points.map((point) => point[field] ?? 0));
          const [first, second, ...others] = series;
          expect(totalOf(first)).toBeGreaterThanOrEqual(totalOf(second));
          expect(others.map(({ key }: { key: unknown }) => key)).toEqual(others.length === 0 ? [] : [null]);
          expect(sum(series.map(totalOf))).toBeCloseTo(totalOf({ points }), 9);
          // A filter by an empty text is none.
          for (const { key, points } of series.filter(({ key }: { key: string | null }) => key)) {
            const own = await get("/v1/usage/timeseries", { ...window, group_by, [filterOf ?? ""]: key });
            expect(own.points).toMatchObject(points);
          }
        }
      }
    },
  );

  test("stay the same when the runs are counted that have ended meanwhile", async () => {
    const query = { from: "2026-03-01", to: "2026-04-30", group_by: "day" };
    const before = await get("/v1/usage/timeseries", query);
    while (await count());
    expect(await get("/v1/usage/timeseries", query)).toEqual(before);
  });

  test("are the same before, while and after those of an older release are rebuilt", async () => {
    const window = { from: "2026-03-07T03:04:05Z", to: "2026-04-03T21:01:00Z" };
    const readAll = async () => [
      await get("/v1/usage/summary", window),
      await get("/v1/usage/summary", { ...window, agent_id: "fox", model: "gpt-4o" }),
      await get("/v1/usage/timeseries", { ...window, group_by: "hour", tz: "Australia/Lord_Howe" }),
      await get("/v1/usage/timeseries", { ...window, group_by: "day" }),
      await get("/v1/usage/timeseries", { ...window, group_by: "day", user_id: "王小明" }),
    ];
    const expected = await readAll();
    await database.system("what an older release has stored").write(async (db) => {
      await sql`delete from usage_users`.execute(db);
      await sql`delete from usage_rollups where grain = 'time-quarter'`.execute(db);
      await sql`insert into usage_rebuilds (tenant_id, next_bucket) values (${MASTER_TENANT_ID}, 0)`.execute(db);
    });
    expect(await readAll()).toEqual(expected);
    const { write } = database.forTenant(MASTER_TENANT_ID);
    for (let step = 0; step < 100; step++) expect(await write(rebuildUsage)).toBe(true);
    expect(await readAll()).toEqual(expected);
    const late = makeRuns(random, { agentIds, from: FROM, days: DAYS, count: 20 });
    await storeRuns(database, MASTER_TENANT_ID, late);
    all.push(...late);
    const withLate = await readAll();
    expect(withLate).not.toEqual(expected);
    const untilDone = async (step: () => Promise<boolean>) => {
      while (await step());
    };
    await Promise.all([untilDone(count), untilDone(() => write(rebuildUsage))]);
    expect(await readAll()).toEqual(withLate);
    expect(withLate[0].current).toEqual(recount(within(new Date(window.from), new Date(window.to))));
  });

  test("cost what each agent cost, of all time", async () => {
    const { rows } = await get("/v1/costs/summary", {});
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      const counted = recount(all.filter(({ agentId }) => agentId === row.agent_id));
      expect(row).toEqual({
        agent_id: row.agent_id,
        total_cost: counted.cost,
        total_input_tokens: counted.input_tokens,
        total_output_tokens: counted.output_tokens,
        trace_count: counted.requests,
      });
    }
  });
});

/** Every run has facts: itself. What belongs to no run has those of its calls. */
const hasFacts = (runs: readonly StoredRun[]): boolean =>
  runs.some(({ parentId, calls }) => parentId !== "none" || calls.length > 0);
