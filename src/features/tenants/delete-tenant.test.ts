import { afterAll, describe, expect, test } from "bun:test";
import { aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { PROVIDER_KEY, startChatGateway } from "#testing/chat-fixture.ts";
import { beginAnswer } from "#testing/model-server.ts";
import { readChatStream } from "#testing/streams/read-chat-stream.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("deleting a tenant with open runs on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: [] });
  const { call, model, url, token } = gateway;
  afterAll(() => gateway.stop());

  test("its model calls are aborted, and waiting clients receive NOT_FOUND", async () => {
    const id = await aTenant(gateway, "busy");
    const inTenant = { user: "system", headers: { "X-GoClaw-Tenant-Id": "busy" } };
    const provider = { name: "m", provider_type: "openai_compat", api_base: `${model.url}/v1`, api_key: PROVIDER_KEY };
    await call("POST", "/v1/providers", provider, inTenant);
    await call("POST", "/v1/agents", { agent_key: "bot", provider: "m", model: "m" }, inTenant);
    model.enqueue({ raw: [beginAnswer("openai", 40)], fault: "without_close" });
    const chat = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        ...inTenant.headers,
        Authorization: `Bearer ${token}`,
        "X-GoClaw-User-Id": "system",
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ model: "goclaw:bot", stream: true, messages: [{ role: "user", content: "hi" }] }),
    });
    expect(chat.status).toBe(200);
    const start = () =>
      call("POST", "/v1/agents/bot/runs", { input: "hi", session_key: "agent:bot:one", on_busy: "queue" }, inTenant);
    model.enqueue({ raw: [beginAnswer("openai", 40)], fault: "without_close" });
    await start();
    const queued = (await start()).body;
    expect(queued.status).toBe("queued");
    const following = fetch(`${url}/v1/runs/${queued.id}/events`, {
      headers: { ...inTenant.headers, Authorization: `Bearer ${token}`, Accept: "text/event-stream" },
    });
    const story = await following;

    expect((await call("DELETE", `/v1/tenants/${id}`, undefined, OWNER)).status).toBe(200);
    const { isDone, errorCode } = await readChatStream(chat);
    expect([isDone, errorCode]).toEqual([false, "NOT_FOUND"]);
    expect(await story.text()).toContain("NOT_FOUND");
    while (!model.requests.at(-1)?.aborted) await Bun.sleep(5);
  });
});
