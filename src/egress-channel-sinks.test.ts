import { afterAll, describe, expect, test } from "bun:test";
import { untilState } from "#testing/channels/until-state.ts";
import { aWebhookInstance, deliver } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { anAllowedSite, createNames, startForbiddenServer } from "#testing/egress-sink-fixture.ts";

const FORBIDDEN = [
  ...["http://127.0.0.1:PORT", "http://localhost:PORT", "http://[::1]:PORT", "http://loopback.test:PORT"],
  ...["http://mixed.test:PORT", "http://sub.allowed.test:PORT", "http://169.254.169.254", "http://localhost:11434"],
];

describe("the addresses of chat platforms and programs", async () => {
  const canary = await startForbiddenServer();
  const visits: string[] = [];
  const site = await anAllowedSite(({ url = "" }, response) => {
    visits.push(url);
    response.writeHead(307, { location: `http://127.0.0.1:${canary.port}/` }).end();
  });
  const { resolve } = createNames();
  const gateway = await startChatGateway({ resolve, allowHosts: [site.host], wires: ["openai"] });
  const { call, model } = gateway;
  model.script(() => ({ text: "an answer" }));
  afterAll(async () => {
    await gateway.stop();
    canary.stop();
    site.stop();
  });
  const at = (base: string) => base.replace("PORT", String(canary.port));
  /** Waits until the outbox has tried to send, and returns the row. */
  async function triedBy(instance: string) {
    const { read } = gateway.gateway.database.system("a test of sinks");
    for (;;) {
      const row = await read
        .selectFrom("channel_outbound")
        .selectAll()
        .where("instance_id", "=", instance)
        .where("error", "is not", null)
        .executeTakeFirst();
      if (row) return row;
      await Bun.sleep(10);
    }
  }

  test.each(FORBIDDEN)("a callback_url at %p gets no answer", async (base) => {
    const id = await aWebhookInstance(gateway, { agent_id: "openai", config: { callback_url: at(base) } });
    await deliver(gateway, id, { message_id: "m", text: "hello" });
    expect(await triedBy(id)).toMatchObject({ error: "this address is not allowed", parts_sent: 0, open_part: null });
    expect(canary.state.hits).toBe(0);
  });

  test("a callback that redirects is not followed", async () => {
    const id = await aWebhookInstance(gateway, { agent_id: "openai", config: { callback_url: `${site.url}back` } });
    await deliver(gateway, id, { message_id: "m", text: "hello" });
    expect(await triedBy(id)).toMatchObject({ error: "the redirect was not followed", parts_sent: 0 });
    expect(visits).toContain("/back");
    expect(canary.state.hits).toBe(0);
  });

  test.each(FORBIDDEN)("a server of Telegram at %p never gets a token", async (base) => {
    const answer = await call("POST", "/v1/channel-instances", {
      ...{ name: crypto.randomUUID(), channel_type: "telegram", agent_id: "openai" },
      credentials: { token: "123:planted", api_server: at(base) },
    });
    const { detail } = await untilState(gateway, answer.body.id, "degraded");
    expect(detail).toBe("this address is not allowed");
    expect(canary.state.hits).toBe(0);
  });

  test.each(FORBIDDEN)("a file of a message at %p is not loaded", async (base) => {
    const id = await aWebhookInstance(gateway, { agent_id: "openai" });
    const media = [{ url: `${at(base)}/x.png`, name: "x.png" }];
    const { body } = await deliver(gateway, id, { message_id: "m", text: "look", media });
    expect(body.status).toBe("answered");
    expect(gateway.lastTurns().at(-1)?.text).toContain("could not be loaded");
    expect(canary.state.hits).toBe(0);
  });
});
