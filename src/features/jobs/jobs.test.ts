import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { aTenant } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("jobs on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(gateway.stop);
  const system = gateway.gateway.database.system("a test makes a dead job");

  /** Makes a job that failed at every attempt. No process has a handler of its name. */
  async function aDeadJob(id: string, name: string, key: string | null): Promise<string> {
    const at = "2026-01-02T03:04:05.678Z";
    await system.write((queries) =>
      system
        .scope(queries, MASTER_TENANT_ID)
        .insertInto("jobs", {
          ...{ id, name, key, payload: '{"secret":"hush"}', run_at: at, attempt: 5, max_attempts: 5, dead_at: at },
          ...{ lease_owner: null, lease_until: null, must_repeat: 0, error: "Error: it broke", created_at: at },
        })
        .execute(),
    );
    return id;
  }

  test("that are dead come first, with their error and without what they worked with", async () => {
    const id = await aDeadJob("dead-1", "test.a", null);
    const { text, body } = await call("GET", "/v1/jobs");
    expect(body.jobs[0]).toMatchObject({ id, name: "test.a", state: "dead", attempt: 5, error: "Error: it broke" });
    expect(text).not.toContain("hush");
    expect((await call("GET", "/v1/jobs?state=dead")).body.total).toBe(1);
    const scheduled = (await call("GET", "/v1/jobs?state=scheduled")).body.jobs;
    expect(scheduled.some(({ state }: { state: string }) => state !== "scheduled")).toBe(false);
  });

  test("are tried again once, and what was done is on record", async () => {
    const id = await aDeadJob("dead-2", "test.b", null);
    const { status, body } = await call("POST", `/v1/jobs/${id}/retry`);
    expect([status, body]).toMatchObject([200, { id, state: "scheduled", attempt: 0 }]);
    expect((await call("POST", `/v1/jobs/${id}/retry`)).status).toBe(404);
    const { logs } = (await call("GET", "/v1/activity?action=job.retried")).body;
    expect(logs).toMatchObject([{ entity_id: id, details: { name: "test.b" } }]);
  });

  test("are not tried again while the same work waits", async () => {
    const first = await aDeadJob("dead-3", "test.c", "key");
    const second = await aDeadJob("dead-4", "test.c", "key");
    expect((await call("POST", `/v1/jobs/${first}/retry`)).status).toBe(200);
    const { status, body } = await call("POST", `/v1/jobs/${second}/retry`);
    expect([status, body.error.details.reason]).toEqual([409, "job_is_live"]);
  });

  test("of a tenant are for its administrators", async () => {
    const other = await aTenant(gateway, "jobs-of-others");
    const id = await aDeadJob("dead-5", "test.d", null);
    const hint = { headers: { "X-GoClaw-Tenant-Id": other } };
    expect((await call("GET", "/v1/jobs?state=dead", undefined, hint)).body.total).toBe(0);
    expect((await call("POST", `/v1/jobs/${id}/retry`, {}, hint)).status).toBe(404);
  });
});
