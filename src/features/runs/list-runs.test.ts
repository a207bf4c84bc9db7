import { afterAll, describe, expect, test } from "bun:test";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("lists of runs on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call, model } = gateway;
  afterAll(() => gateway.stop());
  const start = async (agent: string, extra: object = {}) =>
    (await call("POST", `/v1/agents/${agent}/runs`, { input: "hi", ...extra })).body.id as string;
  const end = async (id: string, status: string) => {
    expect((await gateway.waitForEnd(id)).status).toBe(status);
    return id;
  };
  const list = async (query: string, options: CallOptions = {}) => {
    const { runs, total } = (await call("GET", `/v1/runs?${query}`, undefined, options)).body;
    return { ids: runs.map(({ id }: { id: string }) => id), total };
  };
  const these = (...ids: readonly string[]) => ({ ids, total: ids.length });

  test("are complete and counted for each status, agent, user and session", async () => {
    const agent = await gateway.anAgent();
    const fail = () => model.enqueue({ status: 400, body: "{}" });
    const eve = { user_id: "eve", session_key: `eves-${dialect}` };
    const done = await end(await start(agent), "completed");
    fail();
    const failed = await end(await start(agent), "failed");
    fail();
    const evesFailed = await end(await start(agent, eve), "failed");
    const evesDone = await end(await start(agent, eve), "completed");
    const [held, cut] = [model.manual(), model.manual()];
    const running = await start(agent, eve);
    await held.arrived;
    const queued = await start(agent, eve);
    const cancelled = await start(agent);
    await cut.arrived;
    await call("POST", `/v1/runs/${cancelled}/cancel`);
    await end(cancelled, "cancelled");

    const all = [cancelled, queued, running, evesDone, evesFailed, failed, done];
    expect(await list(`agent_id=${agent}`)).toEqual(these(...all));
    expect(await list(`agent_id=${agent}&limit=2&offset=3`)).toEqual({ ids: all.slice(3, 5), total: 7 });
    const evesKey = await aKey(gateway, ["read"], { owner_id: "eve" });
    const evesEye: CallOptions = { bearer: evesKey.bearer, user: "eve" };
    for (const [status, ofAll, ofEve] of [
      ["completed", [evesDone, done], [evesDone]],
      ["failed", [evesFailed, failed], [evesFailed]],
      ["cancelled", [cancelled], []],
      ["running", [running], [running]],
      ["queued", [queued], [queued]],
      ["waiting", [], []],
    ] as const) {
      expect([status, await list(`agent_id=${agent}&status=${status}`)]).toEqual([status, these(...ofAll)]);
      expect(await list(`status=${status}`)).toEqual(these(...ofAll));
      expect(await list(`status=${status}&user_id=eve`)).toEqual(these(...ofEve));
      expect(await list(`status=${status}&agent_id=${agent}&user_id=eve`)).toEqual(these(...ofEve));
      expect(await list(`status=${status}&session_key=${eve.session_key}`)).toEqual(these(...ofEve));
      expect(await list(`status=${status}`, evesEye)).toEqual(these(...ofEve));
    }
    const ofEve = these(queued, running, evesDone, evesFailed);
    expect(await list("user_id=eve")).toEqual(ofEve);
    expect(await list("", evesEye)).toEqual(ofEve);
    expect(await list(`session_key=${eve.session_key}`, evesEye)).toEqual(ofEve);
    expect(await list(`session_key=${eve.session_key}&agent_id=${agent}`)).toEqual(ofEve);
    expect(await list(`session_key=${eve.session_key}&agent_id=openai`)).toEqual(these());
    expect(await list("user_id=ada", evesEye)).toEqual(these());
    expect(await list("session_key=unknown")).toEqual(these());
    await held.send("done");
    await held.finish();
    await end(queued, "completed");
  });
});
