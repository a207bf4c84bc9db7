import { afterAll, describe, expect, test } from "bun:test";
import { createSweepJob, type SweepOptions } from "#app/create-sweep-job.ts";
import { DAY } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createLogger } from "#base/logger.ts";
import { verifyChain } from "#core/activity/verify-chain.ts";
import { blobStore } from "#runtime/transcript/index.ts";
import { aForm } from "#testing/a-form.ts";
import { aWebhookInstance, deliver } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

/** More than one transaction deletes. */
const MANY = 230;
const TIMEOUT = 60_000;

describe.each([...testDialects()])("the sweep on %s", async (dialect) => {
  let now = new Date();
  const clock = { now: () => now };
  const gateway = await startChatGateway({ dialect, clock, wires: ["openai"] });
  const { model, call, waitForEnd, eventsOf } = gateway;
  afterAll(() => gateway.stop());
  const system = gateway.gateway.database.system("a test of the sweep");
  const { database, services } = gateway.gateway;
  const blobs = services.use(blobStore);
  const retention = { events_days: 30, traces_days: 30, jobs_days: 30, activity_days: 30, media_days: 30 };
  const logger = createLogger("silent");
  const options = { database, system, blobs, clock, logger, retention, sessionDays: 30 };
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  const sweepWith = (given: SweepOptions) =>
    createSweepJob(given).run({ db, payload: {}, attempt: 1, signal: new AbortController().signal });
  const sweep = () => sweepWith(options);
  const start = async (key?: string): Promise<string> => {
    const headers: Record<string, string> = key === undefined ? {} : { "Idempotency-Key": key };
    const { body } = await call("POST", "/v1/agents/openai/runs", { input: "hi" }, { headers });
    return body.id;
  };
  const keys = async () =>
    (await system.read.selectFrom("idempotency_keys").select("key").execute()).map(({ key }) => key);

  test(
    "deletes the events of runs that ended long ago, and expired keys, and nothing else",
    async () => {
      const old = await Promise.all(Array.from({ length: MANY }, (_, index) => start(`old-${index}`)));
      for (const id of old) await waitForEnd(id);
      const upstream = model.manual();
      const open = await start();
      await upstream.arrived;
      now = new Date(now.getTime() + 29 * DAY);
      await sweep();
      for (const id of old) expect(await eventsOf(id)).not.toEqual([]);

      const young = await start("young");
      await upstream.send("well");
      await upstream.finish();
      await waitForEnd(open);
      await waitForEnd(young);
      now = new Date(now.getTime() + 2 * DAY - 1);
      await sweep();
      for (const id of old) expect(await eventsOf(id)).toEqual([]);
      expect([(await eventsOf(open)).length > 0, (await eventsOf(young)).length > 0]).toEqual([true, true]);
      expect(await keys()).toEqual([]);
      expect((await call("GET", `/v1/runs/${old[0]}`)).body.status).toBe("completed");
    },
    TIMEOUT,
  );

  test(
    "deletes old messages of chats, and leaves those that nobody has sent yet",
    async () => {
      const id = await aWebhookInstance(gateway, {
        agent_id: "openai",
        config: { callback_url: "http://127.0.0.1:1/" },
      });
      const timestamp = () => Math.floor(now.getTime() / 1_000);
      await deliver(gateway, id, { message_id: "old", text: "hello" }, { timestamp: timestamp() });
      const outbound = () => system.read.selectFrom("channel_outbound").select("ended_at").execute();
      while ((await outbound()).length === 0) await Bun.sleep(10);
      now = new Date(now.getTime() + 31 * DAY);
      await deliver(gateway, id, { message_id: "young", text: "hello" }, { timestamp: timestamp() });
      while ((await outbound()).length < 2) await Bun.sleep(10);
      await sweep();
      const inbound = await system.read.selectFrom("channel_inbound").select("external_id").execute();
      expect(inbound.map(({ external_id }) => external_id)).toEqual(["young"]);
      expect(await outbound()).toHaveLength(2);
      await system.write((queries) => queries.updateTable("channel_outbound").set({ ended_at: "2020" }).execute());
      await sweep();
      expect(await outbound()).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    "leaves keys that have not expired",
    async () => {
      await start("fresh");
      await sweep();
      expect(await keys()).toEqual(["fresh"]);
    },
    TIMEOUT,
  );

  test(
    "ends sessions that nobody named, thirty days after their last message",
    async () => {
      const wake = async (session_key?: string) =>
        (await call("POST", "/v1/agents/openai/wake", { message: "a secret plan", session_key })).body;
      const [unnamed, named, continued, labelled] = [
        await wake(),
        await wake("agent:openai:mine"),
        await wake(),
        await wake(),
      ];
      await wake(continued.session_key);
      const pathOf = ({ session_key }: { session_key: string }) => `/v1/sessions/${encodeURIComponent(session_key)}`;
      await call("PATCH", pathOf(labelled), { label: "Mine" });
      now = new Date(now.getTime() + 29 * DAY);
      await sweep();
      expect((await call("GET", pathOf(unnamed))).status).toBe(200);

      const young = await wake();
      now = new Date(now.getTime() + 2 * DAY);
      await sweepWith({ ...options, sessionDays: 0 });
      expect((await call("GET", pathOf(unnamed))).status).toBe(200);
      await sweep();
      expect((await call("GET", pathOf(unnamed))).status).toBe(404);
      const { body: run } = await call("GET", `/v1/runs/${unnamed.run_id}`);
      expect([run.status, run.output ?? "", run.input_preview]).toEqual(["completed", "", ""]);
      expect(run.usage.output_tokens).toBeGreaterThan(0);
      for (const kept of [named, continued, labelled, young])
        expect((await call("GET", pathOf(kept))).status).toBe(200);
    },
    TIMEOUT,
  );

  test(
    "ends more sessions than one query finds",
    async () => {
      const before = await db.read.selectFrom("sessions").select("id").where("is_named", "=", 0).execute();
      await Promise.all(Array.from({ length: MANY }, () => call("POST", "/v1/agents/openai/wake", { message: "hi" })));
      now = new Date(now.getTime() + 31 * DAY);
      await sweep();
      expect(before.length).toBeGreaterThan(0);
      expect(await db.read.selectFrom("sessions").select("id").where("is_named", "=", 0).execute()).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    "deletes old entries of the activity log, and what is left is a whole chain",
    async () => {
      for (const agent_key of ["one", "two", "three"]) {
        expect((await call("POST", "/v1/agents", { agent_key, provider: "openai", model: "m" })).status).toBe(201);
        now = new Date(now.getTime() + 20 * DAY);
      }
      const actions = async () =>
        (await call("GET", "/v1/activity?action=agent.created")).body.logs.map(
          ({ details }: { details: { agent_key: string } }) => details.agent_key,
        );
      await sweepWith({ ...options, retention: { ...retention, activity_days: 0 } });
      expect(await actions()).toContain("one");
      await sweep();
      expect(await actions()).toEqual(["three"]);
      expect((await verifyChain(db.read)).fault).toBeUndefined();
    },
    TIMEOUT,
  );

  test(
    "deletes the steps of old traces, and leaves the traces",
    async () => {
      const { run_id } = (await call("POST", "/v1/agents/openai/wake", { message: "hi" })).body;
      const trace = async () => (await call("GET", `/v1/traces/${run_id}`)).body;
      // Spans are written a moment later.
      while ((await trace()).spans.length < 2) await Bun.sleep(20);
      await sweep();
      expect((await trace()).spans.length).toBeGreaterThan(1);
      now = new Date(now.getTime() + 31 * DAY);
      await sweepWith({ ...options, sessionDays: 0 });
      const { trace: left, spans } = await trace();
      expect(spans.filter(({ span_type }: { span_type: string }) => span_type === "llm_call")).toEqual([]);
      expect(left.total_output_tokens).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  test(
    "deletes old uploads, and files that neither an upload nor a message names",
    async () => {
      const upload = async (name: string) =>
        (await call("POST", "/v1/media/upload", aForm(name, `%PDF-1.7 ${name}`))).body.id as string;
      const [unused, used] = [await upload("unused.pdf"), await upload("used.pdf")];
      const blobOf = async (id: string) =>
        (await db.read.selectFrom("media").select("blob").where("id", "=", id).executeTakeFirst())?.blob ?? "";
      const [unusedBlob, usedBlob] = [await blobOf(unused), await blobOf(used)];
      const exists = (blob: string) =>
        blobs.open(MASTER_TENANT_ID, blob).then(
          () => true,
          () => false,
        );
      const session_key = "agent:openai:kept";
      await call("POST", "/v1/agents/openai/wake", { message: "read", session_key, attachments: [used] });
      await sweep();
      expect(await Promise.all([exists(unusedBlob), exists(usedBlob)])).toEqual([true, true]);
      now = new Date(now.getTime() + 31 * DAY);
      await sweep();
      expect(await Promise.all([exists(unusedBlob), exists(usedBlob)])).toEqual([false, true]);
      expect((await call("GET", `/v1/media/${used}`)).status).toBe(404);
      await call("DELETE", `/v1/sessions/${encodeURIComponent(session_key)}`);
      await sweep();
      expect(await exists(usedBlob)).toBe(false);
    },
    TIMEOUT,
  );
});
