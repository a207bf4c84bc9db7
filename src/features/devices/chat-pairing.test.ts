import { afterAll, describe, expect, test } from "bun:test";
import { HOUR } from "#base/clock.ts";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { aWebhookInstance, deliver } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { openSocket, refused, type SocketEvent } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the pairing of a chat by the methods on %s", async (dialect) => {
  let now = new Date();
  const gateway = await startChatGateway({ dialect, wires: ["openai"], clock: { now: () => now } });
  const admin = await openSocket(gateway, { user: "ada" });
  await aTenant(gateway, "fox");
  const other = await openSocket(gateway, { token: (await aKey(gateway, ["admin"], { tenant: "fox" })).bearer });
  const operator = await openSocket(gateway, { token: (await aKey(gateway, ["read", "write"])).bearer });
  afterAll(() => gateway.stop());
  let messages = 0;

  /** Makes an instance that asks for pairings. `say` sends a message and returns the answers to it. */
  async function anInstance() {
    const id = await aWebhookInstance(gateway, { agent_id: "openai", config: { dm_policy: "pairing" } });
    const { name } = (await gateway.call("GET", `/v1/channel-instances/${id}`)).body;
    const say = async (sender_id: string): Promise<string> => {
      const timestamp = Math.floor(now.getTime() / 1_000);
      const message = { message_id: `m${++messages}`, text: "hi", sender_id, sender_name: "Zoë 🦊" };
      const { body } = await deliver(gateway, id, message, { timestamp });
      return (body.replies ?? []).map(({ text }: { text: string }) => text).join();
    };
    const codeOf = async (sender: string): Promise<string> => {
      await say(sender);
      const { pending } = await admin.call("device.pair.list");
      return pending.find((each: { sender_id: string; channel: string }) => each.channel === name)?.code;
    };
    return { id, name, say, codeOf };
  }

  /** Lets as many wait as may, with copies of the one who waits. */
  const fill = (instanceId: string) =>
    gateway.gateway.database.forTenant(MASTER_TENANT_ID).write(async (queries) => {
      const rows = queries.selectFrom("channel_pairings").selectAll().where("instance_id", "=", instanceId);
      const { tenant_id: _, ...first } = await rows.executeTakeFirstOrThrow();
      for (let sender = 1; sender < LIMITS.channelPairingsWaiting; sender++) {
        const own = { id: newId(), subject: `user:${sender}`, code: `${first.code}${sender}` };
        await queries.insertInto("channel_pairings", { ...first, ...own }).execute();
      }
    });

  test("lists who waits, and an approval lets the sender write", async () => {
    const { id, name, say, codeOf } = await anInstance();
    const code = await codeOf("zoe");
    const { pending } = await admin.call("device.pair.list");
    expect(pending.find((each: { code: string }) => each.code === code)).toEqual({
      ...{ code, sender_id: "zoe", channel: name, chat_id: expect.any(String), account_id: id },
      ...{ created_at: now.getTime(), expires_at: now.getTime() + HOUR, metadata: { label: "Zoë 🦊" } },
    });
    expect(await refused(other.call("device.pair.approve", { code }))).toMatchObject({ code: "NOT_FOUND" });
    expect(await other.call("device.pair.list")).toEqual({ pending: [], paired: [] });
    const { paired } = await admin.call("device.pair.approve", { code: code.toLowerCase() });
    expect(paired).toEqual({
      ...{ sender_id: "zoe", channel: name, chat_id: expect.any(String) },
      ...{ paired_at: now.getTime(), paired_by: "ada" },
    });
    expect((await admin.call("device.pair.list")).paired).toContainEqual(paired);
    expect(await say("zoe")).toContain("echo: hi");
  });

  test("is taken back, by the channel and the sender", async () => {
    const { name, say, codeOf } = await anInstance();
    await admin.call("device.pair.approve", { code: await codeOf("kim") });
    expect(await refused(admin.call("device.pair.revoke", { senderId: "zoe", channel: name }))).toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await refused(other.call("device.pair.revoke", { senderId: "kim", channel: name }))).toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await admin.call("device.pair.revoke", { senderId: "kim", channel: name })).toEqual({ revoked: true });
    expect(await say("kim")).not.toContain("echo");
  });

  test("is denied by its code, and is nothing once the code expired", async () => {
    const { codeOf } = await anInstance();
    const code = await codeOf("zoe");
    expect(await admin.call("device.pair.deny", { code })).toEqual({ denied: true });
    for (const method of ["approve", "deny"]) {
      expect(await refused(admin.call(`device.pair.${method}`, { code }))).toMatchObject({ code: "NOT_FOUND" });
    }
    const late = await codeOf("zoe");
    now = new Date(now.getTime() + HOUR + 1);
    expect(await refused(admin.call("device.pair.approve", { code: late }))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("may be asked for by an operator, on behalf of a sender or a group", async () => {
    const { name, say } = await anInstance();
    const request = (senderId: string) => operator.call("device.pair.request", { senderId, channel: name });
    const { code } = await request("lan");
    expect(await request("lan")).toEqual({ code, sender_id: "lan" });
    await admin.call("device.pair.approve", { code });
    expect(await say("lan")).toContain("echo: hi");
    expect(await refused(request("lan"))).toMatchObject({ code: "ALREADY_EXISTS" });
    const group = await request("group:g1");
    expect(await admin.call("device.pair.approve", { code: group.code })).toMatchObject({
      paired: { sender_id: "group:g1", chat_id: "g1", channel: name },
    });
    expect(await refused(operator.call("device.pair.approve", { code }))).toMatchObject({ code: "UNAUTHORIZED" });
  });

  test("cannot be asked for in a channel that does not exist, nor by more than a thousand at a time", async () => {
    const { id, name } = await anInstance();
    const request = (params: object) => operator.call("device.pair.request", params);
    expect(await refused(request({ senderId: "1", channel: "telegram" }))).toMatchObject({ code: "INVALID_REQUEST" });
    expect(await refused(request({ channel: name }))).toMatchObject({ code: "INVALID_REQUEST" });
    await request({ senderId: "first", channel: name });
    await fill(id);
    expect(await request({ senderId: "first", channel: name })).toMatchObject({ sender_id: "first" });
    expect(await refused(request({ senderId: "more", channel: name }))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      details: { reason: "too_many_pairings" },
    });
    now = new Date(now.getTime() + HOUR + 1);
    expect(await request({ senderId: "more", channel: name })).toHaveProperty("code");
  });

  test("of a browser that an operator asks for has an id of the gateway", async () => {
    const request = (senderId: string) => operator.call("device.pair.request", { senderId, channel: "browser" });
    const { code, sender_id } = await request("my-laptop");
    expect(sender_id).not.toBe("my-laptop");
    expect(await request(sender_id)).toEqual({ code, sender_id });
    expect(await admin.call("device.pair.approve", { code })).toMatchObject({ paired: { channel: "browser" } });
  });

  test("is an event for administrators of the tenant, and for nobody else", async () => {
    const watch = await openSocket(gateway, { user: "ada" });
    const { name, codeOf } = await anInstance();
    const code = await codeOf("zoe");
    await admin.call("device.pair.approve", { code });
    await admin.call("device.pair.revoke", { senderId: "zoe", channel: name });
    const { code: second } = await operator.call("device.pair.request", { senderId: "kim", channel: name });
    await admin.call("device.pair.deny", { code: second });
    await watch.event(({ payload }) => payload?.action === "denied");
    const isPairing = ({ event }: SocketEvent) => event.startsWith("device.pair.");
    expect(watch.events.filter(isPairing).map(({ payload }) => payload)).toEqual([
      { code, sender_id: "zoe", channel: name, chat_id: expect.any(String) },
      { action: "approved" },
      { action: "revoked" },
      { code: second, sender_id: "kim", channel: name, chat_id: "kim" },
      { action: "denied" },
    ]);
    for (const socket of [other, operator]) {
      await socket.call("health");
      expect(socket.events.filter(isPairing)).toEqual([]);
    }
    await watch.close();
  });
});
