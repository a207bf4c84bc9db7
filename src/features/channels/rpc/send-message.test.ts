import { afterAll, describe, expect, test } from "bun:test";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { GROUP } from "#testing/channels/fake-telegram.ts";
import { startTelegramGateway } from "#testing/channels/telegram-gateway.ts";
import { openSocket, refused } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a message by the method `send` on %s", async (dialect) => {
  const gateway = await startTelegramGateway({ dialect });
  const { aBot, call, model } = gateway;
  const operator = await openSocket(gateway, { token: (await aKey(gateway, ["operator.write"])).bearer });
  const viewer = await openSocket(gateway, { token: (await aKey(gateway, ["operator.read"])).bearer });
  afterAll(() => gateway.stop());

  test("goes out in the order of the chat, and is in the activity log", async () => {
    const { telegram, texts, name } = await aBot();
    model.script(() => ({ text: "noted" }));
    telegram.say({ text: "hi" });
    await texts(1);
    const sent = { channel: name, to: "direct:42", message: "Chào bạn 🦊" };
    expect(await operator.call("send", sent)).toEqual({ ok: true, channel: name, to: "direct:42" });
    expect(await operator.call("send", { ...sent, to: "42", message: "again" })).toMatchObject({ to: "direct:42" });
    expect(await texts(3)).toEqual(["noted", "Chào bạn 🦊", "again"]);
    const { text } = await call("GET", "/v1/activity?entity_type=channel_message");
    expect(text).toContain(`"instance":"${name}","target":"direct:42"`);
  });

  test("reaches only chats whose people wrote before", async () => {
    const { telegram, name } = await aBot();
    const strange = operator.call("send", { channel: name, to: `group:${GROUP.id}`, message: "spam" });
    expect(await refused(strange)).toMatchObject({ code: "NOT_FOUND" });
    expect(telegram.callsOf("sendMessage")).toEqual([]);
  });

  test("needs an operator", async () => {
    const { name } = await aBot();
    const refusal = await refused(viewer.call("send", { channel: name, to: "42", message: "hi" }));
    expect(refusal).toMatchObject({ code: "UNAUTHORIZED" });
  });
});
