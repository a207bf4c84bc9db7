import { afterAll, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { DAY } from "#base/clock.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { withFilter } from "#runtime/usage/fact-filter.ts";
import { selectFacts } from "#runtime/usage/read-facts.ts";
import { selectUsers } from "#runtime/usage/read-users.ts";
import { quartersAround, splitWindow } from "#runtime/usage/window.ts";
import { openPlans } from "#testing/plan-fixture.ts";

const countedUsers = (reports: TenantReads) =>
  selectUsers(reports, WINDOW, {
    ...{ filter: { user_id: "ada", agent_id: "fox" }, grain: "day", placeOf: sql<number>`0` },
    places: [{ place: 0, ranges: [quartersAround(WINDOW)] }],
  });

const countedVisits = (reports: TenantReads) =>
  selectUsers(reports, WINDOW, {
    ...{ filter: {}, grain: "quarter", placeOf: sql<number>`0` },
    places: [{ place: 0, ranges: [quartersAround(WINDOW)] }],
  });

const WINDOW = {
  from: new Date("2026-03-01T00:07:00Z"),
  to: new Date("2026-03-31T12:34:56Z"),
  now: new Date("2026-05-01T00:00:00Z"),
};

describe("query plans of usage on SQLite", async () => {
  const { tenant, planOf, close } = await openPlans();
  afterAll(close);
  const { reports } = tenant;

  test.each([
    ["sums", selectFacts(reports, WINDOW, { grain: "day", tells: "all but users" }).select("bucket")],
    ["sums of times", selectFacts(reports, WINDOW, { grain: "quarter", tells: "nothing" }).select("bucket")],
    ["sums of users", selectFacts(reports, WINDOW, { grain: "quarter", tells: "users" }).select("bucket")],
    [
      "sums of a user",
      withFilter(reports, selectFacts(reports, WINDOW, { grain: "day", tells: "users", user: "ada" }), {
        ...{ user_id: "ada", agent_id: "fox" },
      }).select("bucket"),
    ],
    ["users", countedUsers(reports)],
    ["users of times", countedVisits(reports)],
  ] as const)("of %s visit what is not counted, ranges of sums, and two short rests", (_, facts) => {
    const steps = planOf(facts).filter((step) =>
      /\b(?:runs|usage_records|usage_rollups|usage_users|usage_rebuilds)\b/.test(step),
    );
    const allowed = [
      "SEARCH runs USING INDEX runs_uncounted (tenant_id=?)",
      "SEARCH usage_records USING INDEX usage_records_uncounted (tenant_id=?)",
      "SEARCH usage_records USING INDEX sqlite_autoindex_usage_records_1 (run_id=?)",
      "SEARCH usage_records USING INDEX sqlite_autoindex_usage_records_1 (run_id=? AND id>? AND id<?)",
      "SEARCH usage_rollups USING PRIMARY KEY (tenant_id=? AND grain=? AND bucket>? AND bucket<?)",
      "SEARCH usage_rollups USING PRIMARY KEY (tenant_id=? AND grain=? AND bucket=? AND user_id=?)",
      "SEARCH usage_users USING PRIMARY KEY (tenant_id=? AND grain=? AND bucket>? AND bucket<?)",
      "SEARCH usage_users USING PRIMARY KEY (tenant_id=? AND grain=? AND bucket=?)",
      "SEARCH usage_users USING COVERING INDEX usage_users_visits (tenant_id=? AND user_id=? AND bucket>? AND bucket<?)",
      "SEARCH runs EXISTS USING INDEX runs_user (tenant_id=? AND user_id=? AND id>? AND id<?)",
      "SEARCH usage_rebuilds USING INDEX sqlite_autoindex_usage_rebuilds_1 (tenant_id=?)",
      "SEARCH usage_rebuilds USING COVERING INDEX sqlite_autoindex_usage_rebuilds_1 (tenant_id=?)",
      "SEARCH runs USING INDEX runs_recent (tenant_id=? AND id>? AND id<?)",
    ];
    expect(steps.filter((step) => !allowed.includes(step))).toEqual([]);
    expect(steps).toContain(allowed[0] ?? "");
  });
});

describe("a window of usage", () => {
  const lengthOf = ({ from, to }: { readonly from: Date; readonly to: Date }) => to.getTime() - from.getTime();

  test("is made of days, quarters of an hour and short rests, which cover it once", () => {
    const { sums, rests } = splitWindow(WINDOW, "day");
    expect(sums.map(({ grain }) => grain)).toEqual(["quarter", "day", "quarter"]);
    const quarters = sums.reduce((total, { first, end }) => total + end - first, 0);
    const rest = rests.reduce((total, part) => total + lengthOf(part), 0);
    expect(quarters * 900_000 + rest).toBe(lengthOf(WINDOW));
    expect(rests.every((part) => lengthOf(part) < 900_000)).toBe(true);
  });

  test("shorter than a quarter of an hour is a rest, and an empty one nothing", () => {
    const from = new Date("2026-03-01T00:07:00Z");
    expect(splitWindow({ ...WINDOW, from, to: new Date("2026-03-01T00:09:00Z") }, "day")).toMatchObject({
      sums: [],
      rests: [{ from }],
    });
    expect(splitWindow({ ...WINDOW, from, to: from }, "day")).toEqual({ sums: [], rests: [] });
    expect(splitWindow({ ...WINDOW, from, to: new Date(from.getTime() - DAY) }, "day")).toEqual({
      sums: [],
      rests: [],
    });
  });

  test("until now takes the sums of the quarter that has begun, and reads its runs only before its first quarter", () => {
    const { sums, rests } = splitWindow({ ...WINDOW, now: WINDOW.to }, "quarter");
    expect(rests).toEqual([{ from: WINDOW.from, to: new Date("2026-03-01T00:15:00Z") }]);
    expect((sums[0]?.end ?? 0) * 900_000).toBe(new Date("2026-03-31T12:45:00Z").getTime());
    const from = new Date("2026-03-31T12:33:00Z");
    expect(splitWindow({ from, to: WINDOW.to, now: WINDOW.to }, "day")).toEqual({
      sums: [],
      rests: [{ from, to: WINDOW.to }],
    });
  });
});
