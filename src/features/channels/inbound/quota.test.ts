import { afterAll, describe, expect, test } from "bun:test";
import { HOUR } from "#base/clock.ts";
import { aWebhookInstance, deliver } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the quota of a user in chats on %s", async (dialect) => {
  let now = new Date();
  const gateway = await startChatGateway({
    dialect,
    wires: ["openai"],
    clock: { now: () => now },
    env: { GOCLAW_GATEWAY_QUOTA: JSON.stringify({ hour: 2, day: 3 }) },
  });
  afterAll(gateway.stop);

  test("is told politely, costs no run, and is over after its time", async () => {
    const id = await aWebhookInstance(gateway, { agent_id: "openai" });
    let sent = 0;
    const say = async (sender_id: string) => {
      const message = { message_id: `m${++sent}`, text: "hello", sender_id };
      const timestamp = Math.floor(now.getTime() / 1_000);
      return (await deliver(gateway, id, message, { timestamp })).body.replies?.[0]?.text;
    };
    gateway.model.script(() => ({ text: "hi" }));
    expect([await say("ann"), await say("ann")]).toEqual(["hi", "hi"]);
    const asked = gateway.model.requests.length;
    expect(await say("ann")).toContain("2 messages in an hour");
    expect(gateway.model.requests.length).toBe(asked);
    expect(await say("bob")).toBe("hi");
    now = new Date(now.getTime() + HOUR + 1);
    expect(await say("ann")).toBe("hi");
    expect(await say("ann")).toContain("3 messages in a day");
  });
});
