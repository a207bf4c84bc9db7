import { afterAll, describe, expect, test } from "bun:test";
import { DAY } from "#base/clock.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const AGENT = "scripted";

describe.each([...testDialects()])("the monthly budget of an agent on %s", async (dialect) => {
  let now = new Date("2026-03-30T12:00:00Z");
  const gateway = await startRunGateway({
    dialect,
    clock: { now: () => now },
    env: {
      GOCLAW_MODELS_PRICING: JSON.stringify({
        "scripted/test-model": { input_per_million: 1_000, output_per_million: 1_000 },
      }),
    },
  });
  const { call, model } = gateway;
  afterAll(gateway.stop);
  const setBudget = async (budget_monthly_cents: number | null, agent = AGENT) =>
    expect((await call("PUT", `/v1/agents/${agent}`, { budget_monthly_cents })).status).toBe(200);
  /** A thousand dollars per million tokens: ten tokens cost a cent. */
  const costing = (cents: number) => ({ input: cents * 10 - 1, output: 1 });
  const wake = async (cents = 0) => {
    if (cents > 0) model.enqueue({ text: "ok", usage: costing(cents) });
    const { status, body } = await call("POST", `/v1/agents/${AGENT}/wake`, { message: "hi" });
    return status === 200 ? status : [status, body.error.code, body.error.details.reason];
  };
  const REFUSED = [429, "RESOURCE_EXHAUSTED", "budget_exceeded"];

  test("lets runs begin until it is spent, and again when it is raised or the month is over", async () => {
    await setBudget(10);
    expect(await wake(6)).toBe(200);
    expect(await wake(6)).toBe(200);
    const asked = model.requests.length;
    expect(await wake()).toEqual(REFUSED);
    expect(model.requests.length).toBe(asked);
    await setBudget(20);
    expect(await wake(1)).toBe(200);
    await setBudget(5);
    expect(await wake()).toEqual(REFUSED);
    now = new Date(now.getTime() + 3 * DAY);
    expect(await wake(1)).toBe(200);
    await setBudget(null);
    expect(await wake(100)).toBe(200);
  });

  test("ends a run in the middle", async () => {
    await setBudget(1_000);
    model.enqueue({ toolCalls: [{ name: "datetime", arguments: {} }], usage: costing(2_000) }, { text: "never" });
    const { status, body } = await call("POST", `/v1/agents/${AGENT}/wake`, { message: "hi" });
    expect([status, body.error.details.reason]).toEqual([429, "budget_exceeded"]);
    expect(body.error.message).toContain("10.00 US dollars");
  });
});
