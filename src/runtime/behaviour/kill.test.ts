import { expect, test } from "bun:test";
import { FAILPOINTS } from "#base/failpoints.ts";
import { runCrashes } from "#testing/crash/run-crashes.ts";
import { runFaults } from "#testing/crash/run-faults.ts";
import { type TestDialect, testDialects } from "#testing/test-database.ts";

const KILLS: Readonly<Record<TestDialect, number>> = {
  sqlite: Number(process.env.GOCLAW_TEST_KILLS_SQLITE ?? 50),
  postgres: Number(process.env.GOCLAW_TEST_KILLS_POSTGRES ?? 20),
};

const FAULTS = Number(process.env.GOCLAW_TEST_FAULTS ?? 8);

test.each([...testDialects()])(
  "a gateway on %s whose database fails repeatedly keeps its promises, and no run fails",
  async (dialect) => {
    const { violations, runs } = await runFaults(dialect, FAULTS);
    expect(violations).toEqual([]);
    expect(runs.completed).toBeGreaterThan(0);
    expect(Object.keys(runs).filter((name) => name.startsWith("failed"))).toEqual([]);
  },
  30 * 60_000,
);

test.each([...testDialects()])(
  "a gateway on %s that is killed repeatedly keeps its promises",
  async (dialect) => {
    const kills = KILLS[dialect];
    const report = await runCrashes(dialect, kills);
    expect(report.violations).toEqual([]);
    expect(report.kills).toBe(kills);
    expect([...report.failpointsHit].sort()).toEqual([...FAILPOINTS].sort());
    expect(report.runs.completed).toBeGreaterThan(0);
  },
  30 * 60_000,
);
