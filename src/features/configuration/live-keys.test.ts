import { afterAll, describe, expect, test } from "bun:test";
import { LIVE_KEYS } from "#app/config/file/running-config.ts";
import { aWebhookInstance, deliver } from "#testing/channels/webhook-program.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { openSocket, refused, type SocketClient } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const ORIGIN = "https://app.example.com";

describe.each([...testDialects()])("without a restart, on %s,", async (dialect) => {
  // The environment would win over the file.
  const gateway = await startChatGateway({ dialect, wires: ["openai"], env: { GOCLAW_LOG_LEVEL: "" } });
  const { call } = gateway;
  const owner = await openSocket(gateway, { user: "system" });
  const tried = new Set<string>();
  const patch = async (section: string, key: string, value: unknown) => {
    tried.add(`${section}.${key}`);
    const raw = JSON.stringify({ [section]: { [key]: value } });
    expect(await owner.call("config.patch", { raw })).toMatchObject({ restart: false, restart_keys: [] });
  };
  await patch("log", "level", "silent");
  afterAll(async () => {
    await owner.close();
    await gateway.stop();
  });

  test("the log has the lines of its new level", async () => {
    const { socket, lines } = await followLog();
    await patch("log", "level", "info");
    await owner.call("health");
    await socket.event(({ payload }) => payload?.attrs?.operation === "gateway.overview");
    await patch("log", "level", "silent");
    const before = lines();
    await owner.call("agents.list");
    await socket.call("health");
    expect(lines()).toBe(before);
    await socket.close();
  });

  async function followLog() {
    const socket = await openSocket(gateway, { user: "system" });
    await socket.call("logs.tail", { action: "start", level: "debug" });
    const isLine = ({ event, payload }: SocketClient["events"][number]) => event === "log" && payload.attrs?.operation;
    return { socket, lines: () => socket.events.filter(isLine).length };
  }

  test("the rate of requests and what it counts are new", async () => {
    const statuses = async () => {
      const answers = await Promise.all(
        [..."12345678"].map(() => call("GET", "/v1/agents", undefined, { user: "bob" })),
      );
      return new Set(answers.map(({ status }) => status));
    };
    expect(await statuses()).toEqual(new Set([200]));
    await patch("gateway", "rate_limit_rpm", 1);
    expect(await statuses()).toEqual(new Set([200, 429]));
    await patch("gateway", "rate_limit_scope", "runs");
    expect(await statuses()).toEqual(new Set([200]));
    await patch("gateway", "rate_limit_scope", "all");
    expect(await statuses()).toEqual(new Set([429]));
    await patch("gateway", "rate_limit_rpm", 0);
    expect(await statuses()).toEqual(new Set([200]));
  });

  test("pages of a new origin may call and connect, and those of an old one may not", async () => {
    const headers = { Origin: ORIGIN };
    const statusOf = async () => (await call("GET", "/v1/agents", undefined, { headers })).status;
    const connects = () =>
      openSocket(gateway, { headers }).then(
        (socket) => socket.close().then(() => true),
        () => false,
      );
    expect([await statusOf(), await connects()]).toEqual([403, false]);
    await patch("gateway", "allowed_origins", [ORIGIN]);
    expect([await statusOf(), await connects()]).toEqual([200, true]);
    await patch("gateway", "allowed_origins", null);
    expect([await statusOf(), await connects()]).toEqual([403, false]);
  });

  test("messages on sockets and in chats have a new length and a new quota", async () => {
    const hook = await aWebhookInstance(gateway, { agent_id: "openai" });
    let sent = 0;
    const say = async (text: string) =>
      (await deliver(gateway, hook, { message_id: `m${++sent}`, text })).body.replies?.[0]?.text;
    const chat = (message: string) => owner.call("chat.send", { message, agentId: "openai" });
    const long = "eleven char";
    expect(await say(long)).toBe(`echo: ${long}`);
    await patch("gateway", "max_message_chars", 10);
    expect(await say(long)).toContain("10");
    expect(await refused(chat(long))).toMatchObject({ code: "INVALID_REQUEST", details: { field: "message" } });
    expect(await say("short")).toBe("echo: short");
    await patch("gateway", "quota", { day: 2 });
    expect(await say("short")).toContain("2 messages in a day");
    expect(await owner.call("quota.usage")).toMatchObject({ enabled: true });
    await patch("gateway", "quota", null);
    await patch("gateway", "max_message_chars", null);
    expect(await say(long)).toBe(`echo: ${long}`);
    expect(await chat(long)).toMatchObject({ runId: expect.any(String) });
  });

  test("responses are told in other words", async () => {
    const typeOf = async () => {
      const input = { model: "goclaw:openai", input: "hi", stream: true };
      return (await call("POST", "/v1/responses", input)).text;
    };
    await patch("gateway", "responses_events", "openai");
    expect(await typeOf()).toContain("response.output_text.delta");
    await patch("gateway", "responses_events", "goclaw");
    expect(await typeOf()).not.toContain("response.output_text.delta");
    await patch("gateway", "responses_events", null);
  });

  test("agents have other tools", async () => {
    const offered = async () => {
      await owner.call("chat.send", { message: "hi", agentId: "openai" });
      const tools: readonly { readonly function: { readonly name: string } }[] = gateway.lastBody().tools ?? [];
      return tools.map((tool) => tool.function.name);
    };
    const all = await offered();
    await patch("tools", "deny", ["datetime"]);
    expect(await offered()).toEqual(all.filter((name) => name !== "datetime"));
    await patch("tools", "deny", null);
    await patch("tools", "allow", ["datetime"]);
    expect(await offered()).toEqual(["datetime"]);
    await patch("tools", "allow", null);
    await patch("tools", "byProvider", { openai: { allow: ["web_fetch"] } });
    expect(await offered()).toEqual(["web_fetch"]);
    await patch("tools", "byProvider", null);
    await patch("tools", "profile", "minimal");
    const few = await offered();
    expect(few.length).toBeLessThan(all.length);
    await patch("tools", "alsoAllow", ["web_fetch"]);
    expect((await offered()).sort()).toEqual([...few, "web_fetch"].sort());
    await patch("tools", "alsoAllow", null);
    await patch("tools", "profile", null);
    expect(await offered()).toEqual(all);
  });

  test("calls have a new price", async () => {
    const costOf = async () => {
      const { runId } = await owner.call("chat.send", { message: "hi", agentId: "openai" });
      return (await call("GET", `/v1/traces/${runId}`, undefined, { user: "system" })).body.trace.total_cost;
    };
    expect(await costOf()).toBe(0);
    await patch("models", "pricing", { "openai/test-model": { input_per_million: 1_000_000, output_per_million: 0 } });
    expect(await costOf()).toBeGreaterThan(0);
    await patch("models", "pricing", null);
    expect(await costOf()).toBe(0);
  });

  test("the gateway has a new owner, and the old one has no rights from its next call on", async () => {
    const root = await openSocket(gateway, { user: "root" });
    expect(await refused(root.call("config.get"))).toMatchObject({ code: "UNAUTHORIZED" });
    await patch("gateway", "owner_ids", ["root"]);
    expect(await refused(owner.call("config.get"))).toMatchObject({ code: "UNAUTHORIZED" });
    expect((await call("GET", "/v1/tenants", undefined, { user: "system" })).status).toBe(403);
    expect(await root.call("config.patch", { raw: "{ gateway: { owner_ids: null } }" })).toMatchObject({ ok: true });
    expect(await owner.call("config.get")).toHaveProperty("config.gateway.owner_ids", []);
    await root.close();
  });

  test("every key that needs none was tried", () => {
    const names = Object.entries(LIVE_KEYS).flatMap(([section, keys]) => keys.map((key) => `${section}.${key}`));
    expect([...tried].sort()).toEqual(names.sort());
  });
});
