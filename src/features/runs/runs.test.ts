import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("runs on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, call, waitForEnd } = gateway;
  afterAll(() => gateway.stop());
  const start = (body: object, { agent = "openai", ...options }: CallOptions & { agent?: string } = {}) =>
    call("POST", `/v1/agents/${agent}/runs`, body, options);
  const list = async (query: string, options: CallOptions = {}) =>
    (await call("GET", `/v1/runs?${query}`, undefined, options)).body;
  const get = (id: string, options: CallOptions = {}) => call("GET", `/v1/runs/${id}`, undefined, options);

  test("a run is accepted at once, and ends without a follower", async () => {
    const upstream = model.manual();
    const { status, body, headers } = await start({ input: "hello", metadata: { ticket: 7 } });
    expect(status).toBe(202);
    expect(headers.get("location")).toBe(`/v1/runs/${body.id}`);
    expect(body).toMatchObject({
      agent_key: "openai",
      user_id: "ada",
      kind: "api",
      input_preview: "hello",
      usage: { input_tokens: 0, output_tokens: 0 },
      cost: 0,
      metadata: { ticket: 7 },
    });
    expect(["queued", "running"]).toContain(body.status);
    expect(body.session_key).toMatch(/^agent:openai:api-[0-9a-f]{8}$/);
    expect(body.trace_id).toMatch(/^[0-9a-f]{32}$/);
    for (const absent of ["finish", "output", "error", "parent_run_id", "ended_at"])
      expect(body).not.toHaveProperty(absent);

    await upstream.arrived;
    expect((await get(body.id)).body.status).toBe("running");
    await upstream.send("done");
    await upstream.finish("stop", { input: 3, output: 1 });
    const run = await waitForEnd(body.id);
    expect(run).toMatchObject({
      status: "completed",
      finish: "stop",
      attempt: 1,
      output: "done",
      usage: { input_tokens: 3, output_tokens: 1, cache_read_tokens: 0, cache_write_tokens: 0, reasoning_tokens: 0 },
    });
    expect(run.created_at <= run.started_at && run.started_at <= run.ended_at).toBe(true);
  });

  test("the input may be a conversation in OpenAI's format", async () => {
    const input = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "one" },
      { role: "assistant", content: "uno" },
      { role: "user", content: "two" },
    ];
    const { body } = await start({ input, session_key: `form-${dialect}` });
    expect((await waitForEnd(body.id)).output).toBe("echo: two");
    expect(gateway.lastTurns().map(({ text }) => text)).toEqual(["one", "uno", "two"]);
    expect(gateway.lastSystem()).toContain("Be brief.");
  });

  test.each([
    ["input", {}],
    ["input", { input: "" }],
    ["input", { input: [] }],
    ["input", { input: 5 }],
    ["session_key", { input: "hi", session_key: "a\nb" }],
    ["user_id", { input: "hi", user_id: "a\u0000" }],
    ["on_busy", { input: "hi", on_busy: "never" }],
  ])("a wrong %s is refused by its name (%#)", async (field, body) => {
    const answer = await start(body);
    expect([answer.status, answer.body.error.details.field]).toEqual([400, field]);
  });

  test("the list is narrowed by agent, session, user and status, newest first", async () => {
    const agent = await gateway.anAgent();
    const ids: string[] = [];
    for (const user_id of ["carl", "dora", "carl"]) {
      const { body } = await start({ input: user_id, user_id, session_key: `${agent}-${user_id}` }, { agent });
      ids.unshift((await waitForEnd(body.id)).id);
    }
    const idsOf = async (query: string) => (await list(query)).runs.map(({ id }: { id: string }) => id);
    const { body: row } = await call("GET", `/v1/agents/${agent}`);
    expect(await idsOf(`agent_id=${agent}`)).toEqual(ids);
    expect(await idsOf(`agent_id=${row.id}`)).toEqual(ids);
    expect(await idsOf(`agent_id=${agent}&user_id=dora`)).toEqual(ids.slice(1, 2));
    expect(await idsOf(`session_key=${agent}-carl`)).toEqual([ids[0] ?? "", ids[2] ?? ""]);
    expect(await idsOf(`agent_id=${agent}&status=completed`)).toEqual(ids);
    expect(await idsOf(`agent_id=${agent}&status=failed`)).toEqual([]);
    expect(await list("agent_id=nobody")).toEqual({ runs: [], total: 0, limit: 20, offset: 0 });
    expect((await call("GET", "/v1/runs?status=odd")).status).toBe(400);
  });

  test("the list comes in pages", async () => {
    const agent = await gateway.anAgent();
    for (const input of ["1", "2", "3"]) await waitForEnd((await start({ input }, { agent })).body.id);
    const page = async (query: string) => {
      const { runs, ...rest } = await list(`agent_id=${agent}&${query}`);
      return { inputs: runs.map((run: { input_preview: string }) => run.input_preview), ...rest };
    };
    expect(await page("limit=2")).toEqual({ inputs: ["3", "2"], total: 3, limit: 2, offset: 0 });
    expect(await page("limit=2&offset=2")).toEqual({ inputs: ["1"], total: 3, limit: 2, offset: 2 });
    expect(await page("offset=-1&limit=0")).toEqual({ inputs: ["3", "2", "1"], total: 3, limit: 20, offset: 0 });
    expect(await page("limit=many&offset=x")).toMatchObject({ limit: 20, offset: 0 });
    expect(await page("limit=100000")).toMatchObject({ limit: 200 });
  });

  test("only its user and administrators see a run", async () => {
    const writer = await aKey(gateway, ["write"]);
    const tenant = `other-${dialect}`;
    await aTenant(gateway, tenant);
    const stranger = await aKey(gateway, ["admin"], { tenant });
    const mine = (await start({ input: "hi" }, { bearer: writer.bearer, user: "ada" })).body;
    await waitForEnd(mine.id);
    const see = async (options: CallOptions) => [
      (await get(mine.id, options)).status,
      (await call("GET", `/v1/runs/${mine.id}/events`, undefined, options)).status,
      (await list(`session_key=${mine.session_key}`, options)).total,
    ];
    expect(await see({ bearer: writer.bearer, user: "ada" })).toEqual([200, 200, 1]);
    expect(await see({ user: "root" })).toEqual([200, 200, 1]);
    expect(await see({ bearer: writer.bearer, user: "eve" })).toEqual([404, 404, 0]);
    expect(await see({ bearer: stranger.bearer })).toEqual([404, 404, 0]);
    const cancelled = await call("POST", `/v1/runs/${mine.id}/cancel`, {}, { bearer: writer.bearer, user: "eve" });
    expect(cancelled.status).toBe(404);
  });

  test("an id without a run is not found", async () => {
    for (const id of [newId(), "nothing", "%E2%82%AC", "'--"]) {
      expect([(await get(id)).status, id]).toEqual([404, id]);
      expect([(await call("GET", `/v1/runs/${id}/events`)).status, id]).toEqual([404, id]);
    }
  });

  test("a read-only key can read runs but not start them", async () => {
    const reader = await aKey(gateway, ["read"], { owner_id: "ada" });
    const { body } = await start({ input: "hi" });
    await waitForEnd(body.id);
    expect((await get(body.id, reader)).status).toBe(200);
    expect((await start({ input: "hi" }, reader)).status).toBe(403);
    expect((await call("POST", `/v1/runs/${body.id}/cancel`, {}, reader)).status).toBe(403);
  });

  test("a run that is cancelled keeps what it wrote, and cannot be cancelled again", async () => {
    const upstream = model.manual();
    const { body } = await start({ input: "tell" });
    await upstream.arrived;
    await upstream.send("half");
    expect((await call("POST", `/v1/runs/${body.id}/cancel`, {})).status).toBe(200);
    await upstream.aborted;
    expect(await waitForEnd(body.id)).toMatchObject({ status: "cancelled", output: "half" });
    const again = await call("POST", `/v1/runs/${body.id}/cancel`, {});
    expect([again.status, again.body.error.details.reason]).toEqual([409, "run_ended"]);
  });

  test("metrics count runs by how they end", async () => {
    const count = async (status: string): Promise<number> => {
      const { text } = await gateway.call("GET", "/metrics");
      const line = new RegExp(`goclaw_runs_ended_total\\{status="${status}",kind="api"\\} (\\d+)`).exec(text);
      return Number(line?.[1] ?? 0);
    };
    const before = [await count("completed"), await count("failed")] as const;
    await waitForEnd((await start({ input: "hi" })).body.id);
    model.enqueue({ status: 400 });
    await waitForEnd((await start({ input: "hi" })).body.id);
    expect([await count("completed"), await count("failed")]).toEqual([before[0] + 1, before[1] + 1]);
  });

  test("a failed run reports its error in the reader's language", async () => {
    model.enqueue({ status: 500 });
    const { body } = await start({ input: "hi" });
    const { error } = await waitForEnd(body.id);
    expect(error).toMatchObject({ code: "UNAVAILABLE", retryable: true, details: { reason: "provider_server_error" } });
    const vietnamese = (await get(body.id, { headers: { "Accept-Language": "vi" } })).body.error;
    expect(vietnamese).toEqual({ ...error, message: vietnamese.message });
    expect(vietnamese.message).not.toBe(error.message);
    expect((await gateway.eventsOf(body.id)).at(-1)).toMatchObject({ type: "run.failed", error });
  });
});
