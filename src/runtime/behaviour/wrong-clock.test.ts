import { describe, expect, onTestFinished, test } from "bun:test";
import { DAY } from "#base/clock.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { createTestDatabase, testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const TIMEOUT = 30_000;
const clockOf = (offset: number) => ({ now: () => new Date(Date.now() + offset) });

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("a node with a wrong clock on %s", () => {
  test.each([
    ["ahead", 0, DAY],
    ["behind", -DAY, 0],
  ])(
    "a run goes on where it began, although one clock is a day %s",
    async (_, ofTheWorker, ofTheOther) => {
      const { url = "", drop } = await createTestDatabase("postgres");
      const env = { DATABASE_URL: url, GOCLAW_ENCRYPTION_KEY: "a".repeat(64) };
      const worker = await startRunGateway({ env, clock: clockOf(ofTheWorker) });
      const call = worker.model.manual();
      const { id } = (await worker.start("go")).body;
      await call.arrived;

      const other = await startTestGateway({ env, clock: clockOf(ofTheOther) });
      onTestFinished(async () => {
        await other.stop();
        await worker.stop();
        await drop();
      });
      await call.send("well");
      await call.finish();
      expect(await worker.waitForEnd(id)).toMatchObject({ status: "completed", output: "well", attempt: 1 });
    },
    TIMEOUT,
  );
});
