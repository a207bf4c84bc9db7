import { Database } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { runGoclaw } from "#testing/run-goclaw.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const gateway = await startTestGateway({ dialect: "sqlite" });
afterAll(gateway.stop);

test("goclaw audit verify says whether the log in a home is whole, also while the gateway runs", async () => {
  await gateway.call("POST", "/v1/agents", { agent_key: "fox", provider: "demo", model: "demo" });
  const whole = await runGoclaw(gateway.home, ["audit", "verify"]);
  expect(whole.stdout).toMatch(/^master: whole, \d+ entries, ends with [0-9a-f]{64}$/m);
  expect(whole.exitCode).toBe(0);

  const database = new Database(join(gateway.home, "goclaw.db"));
  database.run("update activity_logs set actor_id = 'eve' where action = 'agent.created'");
  database.close();
  const changed = await runGoclaw(gateway.home, ["audit", "verify"]);
  expect(changed.stdout).toMatch(/^master: NOT WHOLE, changed at number \d+$/m);
  expect(changed.exitCode).toBe(1);
});
