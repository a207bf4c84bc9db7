import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { acceptRun } from "#runtime/runs/accept-run.ts";
import type { RunRequest } from "#runtime/runs/run-request.ts";
import { type NewMessage, SessionSuffixes } from "#runtime/transcript/index.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";

const ASK: NewMessage = { role: "user", parts: [{ type: "text", text: "hello" }] };
const LOOSE_RESULT: NewMessage = {
  role: "tool",
  parts: [{ type: "tool_result", call_id: "c", name: "n", text: "t", is_error: false }],
};

describe("a request that is refused", async () => {
  const gateway = await startRunGateway();
  afterAll(() => gateway.stop());
  const agentId = (await gateway.call("GET", `/v1/agents/${AGENT}`)).body.id;
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  const accept = (key: string, messages: readonly NewMessage[], onBusy: RunRequest["onBusy"] = "reject") =>
    acceptRun(
      { db, requestId: "r" },
      {
        agent: { id: agentId, key: AGENT },
        session: { key, agentId, agentKey: AGENT, userId: "ada", channel: "test", mayUseAny: false },
        kind: "api",
        isAttached: false,
        onBusy,
        messages,
        options: { settings: {}, clientTools: [] },
        metadata: {},
      },
      { runId: newId(), owner: "n:b", now: new Date(), suffixes: new SessionSuffixes(), mayBegin: false },
    );

  test.each<[string, () => Promise<unknown>]>([
    ["in a new session", () => accept(`agent:${AGENT}:new`, [LOOSE_RESULT])],
    ["in a session that goes on", () => accept(`agent:${AGENT}:known`, [ASK, LOOSE_RESULT])],
  ])("%s does not make the units of its batch run again", async (_, refused) => {
    await accept(`agent:${AGENT}:known`, [ASK], "queue");
    let runs = 0;
    const counted = db.write(async () => {
      runs++;
    });
    const refusal = refused();
    await Promise.all([counted, expect(refusal).rejects.toMatchObject({ code: "INVALID_REQUEST" })]);
    expect(runs).toBe(1);
  });
});
