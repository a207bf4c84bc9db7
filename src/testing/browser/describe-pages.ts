import { afterAll, afterEach, describe, test } from "bun:test";
import { type Dashboard, type DashboardOptions, startDashboard } from "#testing/browser/dashboard-fixture.ts";
import { findChromium } from "#testing/browser/find-chromium.ts";

/** Declares tests that share one dashboard. Says so and skips them on a machine without Chromium. */
export function describePages(name: string, options: DashboardOptions, declare: (dashboard: Dashboard) => void): void {
  if (findChromium() === undefined) {
    process.stderr.write(`There is no Chromium on this machine, so these tests are skipped: ${name}\n`);
    test.skip(name, () => {});
    return;
  }
  describe(name, async () => {
    const dashboard = await startDashboard(options);
    afterEach(() => dashboard.closePages());
    afterAll(() => dashboard.stop());
    declare(dashboard);
  });
}
