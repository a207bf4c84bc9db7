import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { matchRuns, pageOfRuns, type RunFilter } from "#features/runs/match-runs.ts";
import { openRunsOf } from "#runtime/runs/cancel-run.ts";
import { RunStatus } from "#runtime/runs/run-schema.ts";
import { openPlans } from "#testing/plan-fixture.ts";

describe("query plans of run lists on SQLite, which reads rows on the thread of all requests", async () => {
  const { tenant, planOf, close } = await openPlans();
  afterAll(close);
  const { read } = tenant;
  const agentId = newId();
  const nobody: readonly string[] = [];

  const cases: [index: string, filter: RunFilter][] = [
    ["runs_recent (tenant_id=?)", { userIds: nobody }],
    ["runs_recent (tenant_id=?)", { userIds: nobody, status: "completed" }],
    ["runs_user (tenant_id=? AND user_id=?)", { userIds: ["ada"] }],
    ["runs_user (tenant_id=? AND user_id=?)", { userIds: ["ada", "ada"] }],
    ["runs_user (tenant_id=? AND user_id=?)", { userIds: ["ada"], status: "completed" }],
    ["runs_user (tenant_id=? AND user_id=?)", { userIds: ["ada"], agentId }],
    ["runs_agent (agent_id=?)", { userIds: nobody, agentId }],
    ["runs_agent (agent_id=?)", { userIds: nobody, agentId, status: "completed" }],
    ...[undefined, ...RunStatus.options].flatMap((status) =>
      [nobody, ["ada"]].flatMap((userIds): [string, RunFilter][] => [
        ["runs_session (session_id=?)", { userIds, sessionKey: "s", status }],
        ["runs_session (session_id=?)", { userIds, sessionKey: "s", status, agentId }],
      ]),
    ),
    ...(["failed", "cancelled"] as const).flatMap((status) =>
      [nobody, ["ada"]].flatMap((userIds): [string, RunFilter][] => [
        ["runs_unfinished (tenant_id=? AND status=?)", { userIds, status }],
        ["runs_unfinished (tenant_id=? AND status=?)", { userIds, status, agentId }],
      ]),
    ),
    ...(["queued", "running", "waiting"] as const).flatMap((status) =>
      [nobody, ["ada"]].flatMap((userIds): [string, RunFilter][] => [
        ["runs_open (tenant_id=?)", { userIds, status }],
        ["runs_open (tenant_id=?)", { userIds, status, agentId }],
      ]),
    ),
  ];

  test.each(cases)("%s serves %j", (index, filter) => {
    const page = planOf(pageOfRuns(read, filter).limit(20));
    const count = planOf(matchRuns(read, filter).select(({ fn }) => fn.countAll().as("total")));
    for (const plan of [page, count]) {
      expect(plan.filter((step) => step.startsWith("SCAN"))).toEqual([]);
      expect(plan.find((step) => step.includes("SEARCH runs"))).toMatch(new RegExp(`INDEX ${RegExp.escape(index)}`));
    }
    // A large result is not sorted, and counting it reads only the index.
    const isMany = /recent|user|agent/.test(index);
    if (isMany) expect(page.some((step) => step.includes("TEMP B-TREE"))).toBe(false);
    const isOfIndex = filter.status === undefined && (filter.agentId === undefined || index.includes("agent"));
    if (isMany && isOfIndex) expect(count.some((step) => step.includes("COVERING INDEX"))).toBe(true);
  });

  test("the open runs of an agent and the runs of a session are found by an index", () => {
    const runs = read.selectFrom("runs").select("id");
    expect(planOf(openRunsOf(read, agentId))).toEqual(["SEARCH runs USING INDEX runs_open (tenant_id=?)"]);
    expect(planOf(runs.where("session_id", "=", "s"))).toEqual(["SEARCH runs USING INDEX runs_session (session_id=?)"]);
    expect(
      planOf(runs.where("session_id", "=", "s").where("ended_at", "is", null).where("status", "=", "queued")),
    ).toEqual(["SEARCH runs USING INDEX runs_open (tenant_id=? AND session_id=? AND status=?)"]);
  });
});
