import { afterAll, describe, expect, test } from "bun:test";
import { systemClock } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import type { TenantDatabase } from "#db/database.ts";
import { databaseUnavailable } from "#db/errors.ts";
import { runEngine } from "#runtime/engine/run-engine.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

/** Returns a database that commits, and then fails to make the commit durable. */
const withFailingDisk = (db: TenantDatabase): TenantDatabase => ({
  ...db,
  commitEarly: async (unit) => ({
    value: (await db.commitEarly(unit)).value,
    durable: Promise.reject(databaseUnavailable(new Error("the disk failed"))),
  }),
});

describe.each([...testDialects()])("a run that could not be made durable on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());

  test("fails for its caller, and is cancelled", async () => {
    const { promise: hold, resolve: releaseAnswer } = Promise.withResolvers<void>();
    model.script(() => ({ text: "for nobody", hold }));
    const { body: agent } = await call("GET", `/v1/agents/${AGENT}`);
    const ctx = {
      db: withFailingDisk(gateway.gateway.database.forTenant(MASTER_TENANT_ID)),
      tenantId: MASTER_TENANT_ID,
      requestId: "unsafe",
      clock: systemClock,
    } as Context;
    const accepting = gateway.gateway.services.use(runEngine).accept(ctx, {
      agent: { id: agent.id, key: agent.agent_key },
      session: {
        key: (suffix) => `agent:${AGENT}:${suffix}`,
        agentId: agent.id,
        userId: "ada",
        channel: "api",
        agentKey: AGENT,
        mayUseAny: false,
      },
      kind: "api",
      isAttached: false,
      onBusy: "queue",
      messages: [{ role: "user", parts: [{ type: "text", text: "hello" }] }],
      options: { settings: {}, clientTools: [], wantsTitle: false },
      metadata: {},
    });
    await expect(accepting).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const { body } = await call("GET", "/v1/runs");
    const run = await gateway.waitForEnd(body.runs[0].id);
    releaseAnswer();
    expect(run.status).toBe("cancelled");
  });
});
