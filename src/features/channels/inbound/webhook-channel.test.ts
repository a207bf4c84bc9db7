import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { untilState } from "#testing/channels/until-state.ts";
import { aWebhookInstance, deliver, signAsProgram, startCallbackServer } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a program that signs its messages on %s", async (dialect) => {
  const callbacks = startCallbackServer();
  const gateway = await startChatGateway({
    dialect,
    wires: ["openai"],
    allowHosts: [`127.0.0.1:${callbacks.port}`],
  });
  const { call, model } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await callbacks.stop();
  });
  const instance = (config: object = {}, fields: object = {}) =>
    aWebhookInstance(gateway, { agent_id: "openai", config, ...fields });
  const runsOf = async (session: string) =>
    (await call("GET", `/v1/runs?session_key=${encodeURIComponent(session)}`)).body.runs;

  test("gets the agent's answer in the answer to its message", async () => {
    const id = await instance({}, { name: "shop" });
    model.script(() => ({ text: "Xin chào 👋" }));
    const { status, body } = await deliver(gateway, id, { message_id: "m1", text: "chào" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "answered", message_id: "m1", replies: [{ text: "Xin chào 👋" }] });
    const { body: run } = await call("GET", `/v1/runs/${body.run_id}`);
    expect(run).toMatchObject({ kind: "channel", session_key: "agent:openai:shop:direct:ann", user_id: "ann" });
  });

  test("gets the same answer to a message that it sends again, from one run", async () => {
    const id = await instance({}, { name: "again" });
    model.script(() => ({ text: "once" }));
    const first = await deliver(gateway, id, { message_id: "same", text: "hello" });
    const second = await deliver(gateway, id, { message_id: "same", text: "hello" });
    expect(second).toEqual(first);
    expect(await runsOf("agent:openai:again:direct:ann")).toHaveLength(1);
  });

  test("gets `accepted` when the wait is over, and the answer when it asks again", async () => {
    const id = await instance({ reply_wait_ms: 0 });
    const { promise, resolve } = Promise.withResolvers<void>();
    model.script(() => ({ text: "late", hold: promise }));
    const message = { message_id: "slow", text: "hello" };
    expect((await deliver(gateway, id, message)).body.status).toBe("accepted");
    resolve();
    let answer = await deliver(gateway, id, message);
    while (answer.body.status === "accepted") answer = await deliver(gateway, id, message);
    expect(answer.body).toMatchObject({ status: "answered", replies: [{ text: "late" }] });
  });

  test("gets no reply from an agent that stays silent", async () => {
    const id = await instance();
    model.script(() => ({ text: "**no_reply**" }));
    const { body } = await deliver(gateway, id, { message_id: "m", text: "hello" });
    expect(body).toMatchObject({ status: "answered", replies: [] });
  });

  const now = () => Math.floor(Date.now() / 1_000);
  test.each([
    ["no signature", { headers: {} }],
    ["an empty signature", { headers: { "X-GoClaw-Timestamp": String(now()), "X-GoClaw-Signature": "" } }],
    ["another secret", { secret: "another-secret-of-16" }],
    ["a time long ago", { timestamp: now() - 3_600 }],
    ["a time to come", { timestamp: now() + 3_600 }],
    ["a time that is none", { timestamp: "soon" }],
    ["the signature of another body", { headers: signAsProgram("{}") }],
  ])("is refused with %s, and nothing is stored", async (_, options) => {
    const id = await instance();
    const { status, body } = await deliver(gateway, id, { message_id: "m", text: "hello" }, options);
    expect([status, body.error.code]).toEqual([401, "UNAUTHORIZED"]);
    const system = gateway.gateway.database.system("a test of refused deliveries");
    const rows = await system.read.selectFrom("channel_inbound").select("id").where("instance_id", "=", id).execute();
    expect(rows).toEqual([]);
  });

  test("is refused where the instance has no secret, has an empty one, or is switched off", async () => {
    const bare = await instance({}, { credentials: {} });
    expect((await deliver(gateway, bare, { message_id: "m" }, { secret: "" })).status).toBe(401);
    expect(await untilState(gateway, bare, "failed")).toMatchObject({ reason: "credentials_missing" });
    const off = await instance({}, { enabled: false });
    expect((await deliver(gateway, off, { message_id: "m" })).status).toBe(404);
  });

  test.each([
    ["no JSON", "hello"],
    ["no id", JSON.stringify({ sender_id: "ann", text: "hello" })],
    ["an id of another type", JSON.stringify({ message_id: {}, sender_id: "ann" })],
    ["a line break in its sender", JSON.stringify({ message_id: "m", sender_id: "a\nb" })],
  ])("is told what is wrong with a signed body that has %s", async (_, text) => {
    const id = await instance();
    const { status, body } = await deliver(gateway, id, text);
    expect([status, body.error.code]).toEqual([400, "INVALID_REQUEST"]);
  });

  test("is refused with a body that is too large, and with one that is encoded wrongly", async () => {
    const id = await instance();
    const large = JSON.stringify({ message_id: "m", sender_id: "ann", text: "x".repeat(2_000_000) });
    expect((await deliver(gateway, id, large)).status).toBe(413);
    const broken = Buffer.from([...Buffer.from('{"message_id":"m","text":"'), 0xff, 0xfe]).toString("latin1");
    expect((await deliver(gateway, id, broken)).status).toBe(400);
  });

  test("gets answers at its callback_url, signed, and recognises a repetition by the delivery", async () => {
    const id = await instance({ callback_url: callbacks.url });
    model.script(() => ({ text: "by callback" }));
    const answers = [503, 200];
    callbacks.answer = () => new Response(null, { status: answers.shift() ?? 200 });
    const message = { message_id: "m", chat_id: "c-1", thread_id: "t", text: "hello" };
    expect((await deliver(gateway, id, message)).body).toEqual({ status: "accepted" });
    const received = () => callbacks.received.filter(({ body }) => body.text === "by callback");
    while (received().length < 2) await Bun.sleep(10);
    const [first, second] = received();
    expect(second?.body).toEqual(first?.body);
    expect(second?.body).toMatchObject({ chat_id: "c-1", thread_id: "t", text: "by callback" });
    expect(second?.headers.get("x-goclaw-delivery")).toBe(first?.body.delivery_id);
    const timestamp = second?.headers.get("x-goclaw-timestamp") ?? "";
    const expected = signAsProgram(second?.text ?? "", { timestamp })["X-GoClaw-Signature"];
    expect(second?.headers.get("x-goclaw-signature")).toBe(expected);
  });

  test("gets an answer that was ready while it was switched off, once it is on again", async () => {
    const id = await instance({ callback_url: callbacks.url });
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    model.script(() => {
      begun.resolve();
      return { text: "kept for later", hold: held.promise };
    });
    await deliver(gateway, id, { message_id: "m", text: "hello" });
    await begun.promise;
    await call("PUT", `/v1/channel-instances/${id}`, { enabled: false });
    held.resolve();
    const { read } = gateway.gateway.database.system("a test of switched off instances");
    const waiting = () => read.selectFrom("channel_outbound").select("state").where("instance_id", "=", id).execute();
    while ((await waiting()).length === 0) await Bun.sleep(10);
    await Bun.sleep(100);
    expect(callbacks.received.filter(({ body }) => body.text === "kept for later")).toEqual([]);
    await call("PUT", `/v1/channel-instances/${id}`, { enabled: true });
    while (!callbacks.received.some(({ body }) => body.text === "kept for later")) await Bun.sleep(10);
  });

  test("holds up no other tenant, although it never answers", async () => {
    const held = Promise.withResolvers<void>();
    callbacks.answer = () => held.promise.then(() => new Response("ok"));
    const before = callbacks.received.length;
    model.script(() => ({ text: "never taken" }));
    const id = await instance({ callback_url: callbacks.url });
    for (let chat = 0; chat < 20; chat++)
      await deliver(gateway, id, { message_id: `m${chat}`, sender_id: `user ${chat}`, text: "hello" });
    while (callbacks.received.length < before + LIMITS.chatsPerTenant) await Bun.sleep(10);
    await aTenant(gateway, "neighbour");
    const neighbour = await aKey(gateway, ["admin"], { tenant: "neighbour" });
    const callAs = (method: string, path: string, body?: unknown) => call(method, path, body, neighbour);
    await callAs("POST", "/v1/providers", { name: "demo", provider_type: "demo" });
    await callAs("POST", "/v1/agents", { agent_key: "helper", provider: "demo", model: "demo" });
    const other = await aWebhookInstance({ call: callAs }, { agent_id: "helper" });
    const { body } = await deliver(gateway, other, { message_id: "m", text: "hello" });
    expect(body.status).toBe("answered");
    expect(callbacks.received).toHaveLength(before + LIMITS.chatsPerTenant);
    held.resolve();
  });
});
