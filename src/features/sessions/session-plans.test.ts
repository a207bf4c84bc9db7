import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { countOf, matchSessions, recentFirst, type SessionFilter } from "#features/sessions/match-sessions.ts";
import { openPlans } from "#testing/plan-fixture.ts";

describe("query plans of lists of sessions on SQLite", async () => {
  const { tenant, planOf, close } = await openPlans();
  afterAll(close);
  const { reports } = tenant;
  const stepsOf = (query: Parameters<typeof planOf>[0]) => planOf(query).filter((step) => /\bsessions\b/.test(step));
  const agentId = newId();

  test.each<[string, string, SessionFilter]>([
    ["sessions_recent (tenant_id=?)", "sessions_user (tenant_id=?)", { text: "" }],
    ["sessions_recent (tenant_id=?)", "sessions_recent (tenant_id=?)", { text: "fox" }],
    ["sessions_recent (tenant_id=?)", "sessions_recent (tenant_id=?)", { text: "", channel: "http" }],
    ["sessions_recent (tenant_id=?)", "sessions_recent (tenant_id=?)", { text: "", agentId }],
    ["sessions_recent (tenant_id=?)", "sessions_recent (tenant_id=?)", { text: "fox", agentId, channel: "http" }],
  ])("of a tenant read %s and count %s alone for %j", (listed, counted, filter) => {
    const matching = matchSessions(reports, reports.selectFrom("sessions"), filter);
    expect(stepsOf(recentFirst(matching).limit(50))).toEqual([`SEARCH sessions USING INDEX ${listed}`]);
    expect(stepsOf(countOf(matching))).toEqual([`SEARCH sessions USING COVERING INDEX ${counted}`]);
  });

  test.each<[SessionFilter]>([[{ text: "" }], [{ text: "fox" }], [{ text: "fox", agentId, channel: "http" }]])(
    "of a user visit that user's sessions alone for %j",
    (filter) => {
      const matching = matchSessions(reports, reports.selectFrom("sessions").where("user_id", "=", "ada"), filter);
      for (const plan of [stepsOf(recentFirst(matching).limit(50)), stepsOf(countOf(matching))]) {
        expect(plan).toEqual([expect.stringContaining("INDEX sessions_user (tenant_id=? AND user_id=?)")]);
      }
    },
  );
});
