import { afterAll, describe, expect, test } from "bun:test";
import { HOUR } from "#base/clock.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { createAgent } from "#testing/create-agent.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, TEST_USER } from "#testing/test-gateway.ts";

const TIMEOUT = 30_000;

describe.each([...testDialects()])("a stream whose caller loses its rights on %s", async (dialect) => {
  const state = { later: 0 };
  const clock = { now: () => new Date(Date.now() + state.later) };
  const gateway = await startRunGateway({ dialect, clock });
  const { model, call, url } = gateway;
  afterAll(() => gateway.stop());

  const headersOf = ({ bearer = gateway.token, user = "ada", headers = {} }: CallOptions) => ({
    Authorization: `Bearer ${bearer}`,
    "Content-Type": "application/json",
    ...(user !== null && { "X-GoClaw-User-Id": user }),
    ...headers,
  });
  const follow = (id: string, caller: CallOptions) =>
    fetch(`${url}/v1/runs/${id}/events`, { headers: headersOf(caller), keepalive: false });
  /** Starts a run whose model call stays open, and follows it. */
  const followed = async (caller: CallOptions, user = TEST_USER) => {
    const answering = model.manual();
    const { id } = (await call("POST", `/v1/agents/${AGENT}/runs`, { input: "go" }, { user })).body;
    await answering.arrived;
    const stream = await follow(id, caller);
    expect(stream.status).toBe(200);
    return { id, answering, stream };
  };
  /** Reads a stream to its end and returns the data of its last event. */
  const lastOf = async (stream: Response) => {
    const frames = (await stream.text()).split("\n\n").filter((frame) => frame.includes("data: "));
    const [event, data = ""] = (frames.at(-1) ?? "").split("data: ");
    return { event: event?.trim(), ...JSON.parse(data) };
  };
  const chat = (caller: CallOptions) =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: headersOf(caller),
      body: JSON.stringify({ model: `goclaw:${AGENT}`, stream: true, messages: [{ role: "user", content: "hi" }] }),
      keepalive: false,
    });

  test(
    "ends with an error when its key is revoked, and the run goes on",
    async () => {
      const key = await aKey(gateway, ["admin"]);
      const { id, answering, stream } = await followed(key);
      await call("DELETE", `/v1/api-keys/${key.id}`, undefined, OWNER);
      expect(await lastOf(stream)).toMatchObject({ event: "event: error", error: { code: "UNAUTHORIZED" } });
      await answering.send("well");
      await answering.finish();
      expect(await gateway.waitForEnd(id)).toMatchObject({ status: "completed", output: "well" });
    },
    TIMEOUT,
  );

  test(
    "ends although the model writes without a pause",
    async () => {
      const key = await aKey(gateway, ["admin"]);
      const { id, answering, stream } = await followed(key);
      const over = { isOver: false };
      const last = lastOf(stream).finally(() => {
        over.isOver = true;
      });
      await call("DELETE", `/v1/api-keys/${key.id}`, undefined, OWNER);
      for (; !over.isOver; await Bun.sleep(1)) await answering.send("word ");
      expect(await last).toMatchObject({ event: "event: error", error: { code: "UNAUTHORIZED" } });
      await answering.finish();
      await gateway.waitForEnd(id);
    },
    TIMEOUT,
  );

  test(
    "ends when its key expires",
    async () => {
      const key = await aKey(gateway, ["admin"], { expires_in: HOUR / 1_000 });
      const { answering, stream } = await followed(key);
      state.later = 2 * HOUR;
      expect(await lastOf(stream)).toMatchObject({ error: { code: "UNAUTHORIZED" } });
      state.later = 0;
      await answering.finish();
    },
    TIMEOUT,
  );

  test(
    "ends for a user who is removed from the tenant, and for nobody else",
    async () => {
      await call("POST", "/v1/tenants/master/users", { user_id: "bob", role: "member" }, OWNER);
      await call("POST", `/v1/agents/${AGENT}/shares`, { user_id: "bob", role: "user" });
      const { id, answering, stream } = await followed({ user: "bob" }, "bob");
      const other = await follow(id, OWNER);
      await call("DELETE", "/v1/tenants/master/users/bob", undefined, OWNER);
      expect(await lastOf(stream)).toMatchObject({
        error: { code: "UNAUTHORIZED", details: { reason: "tenant_access_revoked" } },
      });
      await answering.send("well");
      await answering.finish();
      expect(await lastOf(other)).toMatchObject({ type: "run.completed" });
    },
    TIMEOUT,
  );

  test(
    "ends when its tenant is suspended, and so does the run before its next step",
    async () => {
      const id = await aTenant(gateway, "sleepy");
      const key = await aKey(gateway, ["admin"], { tenant: "sleepy" });
      await createAgent({ url, token: key.bearer }, { modelUrl: model.url, agent: "tenants" });
      const answering = model.manual();
      const run = (await call("POST", "/v1/agents/tenants/runs", { input: "go" }, key)).body;
      await answering.arrived;
      const stream = await follow(run.id, key);
      const before = model.requests.length;
      await call("PATCH", `/v1/tenants/${id}`, { status: "suspended" }, OWNER);
      expect(await lastOf(stream)).toMatchObject({ error: { code: "UNAUTHORIZED" } });
      await answering.toolCall({ name: "datetime", arguments: {} });
      await answering.finish();
      const stored = async () =>
        gateway.gateway.database
          .system("the tenant is closed to callers")
          .read.selectFrom("runs")
          .select(["status", "error"])
          .where("id", "=", run.id)
          .executeTakeFirstOrThrow();
      while ((await stored()).status === "running") await Bun.sleep(5);
      expect(await stored()).toEqual({ status: "failed", error: expect.stringContaining('"tenant_suspended"') });
      expect(model.requests).toHaveLength(before);
    },
    TIMEOUT,
  );

  test(
    "of a chat ends with an error, and its model call is aborted",
    async () => {
      const key = await aKey(gateway, ["write"]);
      const answering = model.manual();
      const answer = chat(key);
      await answering.arrived;
      await answering.send("hel");
      const stream = await answer;
      await call("DELETE", `/v1/api-keys/${key.id}`, undefined, OWNER);
      expect(await lastOf(stream)).toMatchObject({ error: { code: "UNAUTHORIZED", type: expect.any(String) } });
      await answering.aborted;
    },
    TIMEOUT,
  );

  test(
    "of a request that waits for its whole answer is refused",
    async () => {
      const key = await aKey(gateway, ["write"]);
      const answering = model.manual();
      const waiting = call("POST", `/v1/agents/${AGENT}/wake`, { message: "hi" }, key);
      await answering.arrived;
      await call("DELETE", `/v1/api-keys/${key.id}`, undefined, OWNER);
      expect((await waiting).status).toBe(401);
      await answering.aborted;
    },
    TIMEOUT,
  );
});
