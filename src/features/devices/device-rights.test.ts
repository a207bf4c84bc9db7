import { afterAll, describe, expect, test } from "bun:test";
import { SECOND } from "#base/clock.ts";
import { logFeed } from "#core/live/log-feed.ts";
import { aPairedBrowser, askForPairing, BEHIND_PROXY, openBrowser } from "#features/devices/device-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { openSocket, refused, type SocketEvent } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const anyAddress = expect.stringMatching(/^198\.51\.100\./);
const isPairing = ({ event }: SocketEvent) => event.startsWith("device.pair.");

describe.each([...testDialects()])("a paired browser on %s", async (dialect) => {
  let now = new Date();
  const gateway = await startChatGateway({
    dialect,
    wires: ["openai"],
    clock: { now: () => now },
    env: BEHIND_PROXY,
  });
  const { call } = gateway;
  const admin = await openSocket(gateway, { user: "ada" });
  await aTenant(gateway, "fox");
  await call("POST", "/v1/agents/openai/sharing", { user_id: "lan" });
  afterAll(() => gateway.stop());
  let addresses = 0;
  const anAddress = () => `198.51.100.${++addresses}`;
  const asBrowser = (senderId: string, user: string | null = null) => ({
    ...{ bearer: null, user },
    headers: { "X-GoClaw-Sender-Id": senderId },
  });

  test("chats as the user that it names", async () => {
    const sender_id = await aPairedBrowser(gateway, admin, anAddress());
    const browser = await openBrowser(gateway, anAddress());
    await browser.call("connect", { sender_id, user_id: "lan" });
    const { runId } = await browser.call("chat.send", { message: "hi", agentId: "openai" });
    const end = await browser.event(({ payload }) => payload?.runId === runId && payload.type === "run.completed");
    expect(end.payload.payload.content).toBe("echo: hi");
    await browser.close();
  });

  test("calls over HTTP by its header, which no wrong token may accompany", async () => {
    const senderId = await aPairedBrowser(gateway, admin, anAddress());
    const { body } = await call("GET", "/v1/agents", undefined, asBrowser(senderId, "lan"));
    expect(body.agents).toContainEqual(expect.objectContaining({ agent_key: "openai" }));
    const run = await call("POST", "/v1/agents/openai/runs", { input: "hi" }, asBrowser(senderId, "lan"));
    expect(run.status).toBe(202);
    for (const bearer of ["wrong", ""]) {
      expect((await call("GET", "/v1/agents", undefined, { ...asBrowser(senderId), bearer })).status).toBe(401);
    }
    expect((await call("GET", "/v1/agents", undefined, asBrowser(crypto.randomUUID()))).status).toBe(401);
    const { senderId: waiting } = await askForPairing(gateway, anAddress());
    expect((await call("GET", "/v1/agents", undefined, asBrowser(waiting))).status).toBe(401);
  });

  test("administers nothing, and approves nobody, whomever it names", async () => {
    const senderId = await aPairedBrowser(gateway, admin, anAddress());
    const { code } = await askForPairing(gateway, anAddress());
    const browser = await openBrowser(gateway, anAddress());
    await browser.call("connect", { sender_id: senderId, user_id: "system" });
    for (const method of ["approve", "deny", "list", "revoke"]) {
      const params = { code, senderId, channel: "browser" };
      expect(await refused(browser.call(`device.pair.${method}`, params))).toMatchObject({ code: "UNAUTHORIZED" });
    }
    expect(await refused(browser.call("api_keys.create", { name: "k", scopes: ["admin"] }))).toMatchObject({
      code: "UNAUTHORIZED",
    });
    for (const path of ["/v1/api-keys", "/v1/providers", "/v1/tenants", "/v1/channel-pairings"]) {
      expect((await call("GET", path, undefined, asBrowser(senderId, "system"))).status).toBe(403);
    }
    await browser.close();
  });

  test("is disconnected within two seconds when it is revoked, and may ask again", async () => {
    const sender_id = await aPairedBrowser(gateway, admin, anAddress());
    const [browser, other] = [await openBrowser(gateway, anAddress()), await openBrowser(gateway, anAddress())];
    await browser.call("connect", { sender_id });
    await other.call("connect", { sender_id: await aPairedBrowser(gateway, admin, anAddress()) });
    const listed = (await admin.call("device.pair.list")).paired[1];
    expect(await admin.call("device.pair.revoke", { senderId: listed.sender_id, channel: "browser" })).toEqual({
      revoked: true,
    });
    expect(await browser.closed).toEqual({ code: 1_008, reason: "the caller lost its rights" });
    expect((await call("GET", "/v1/agents", undefined, asBrowser(sender_id))).status).toBe(401);
    expect(await other.call("agents.list")).toHaveProperty("agents");
    const again = await openBrowser(gateway, anAddress());
    expect(await again.call("connect", { sender_id })).toMatchObject({ status: "pending_pairing" });
    await Promise.all([other.close(), again.close()]);
  });

  test("is revoked by its whole id or the masked one, and not by one that only begins like it", async () => {
    const senderId = await aPairedBrowser(gateway, admin, anAddress());
    const similar = `${senderId.slice(0, -1)}${senderId.endsWith("0") ? "1" : "0"}`;
    for (const wrong of [similar, "ab", "", "ffffffff…", "user:42"]) {
      const code = wrong === "" ? "INVALID_REQUEST" : "NOT_FOUND";
      expect(await refused(admin.call("device.pair.revoke", { senderId: wrong }))).toMatchObject({ code });
    }
    expect(await admin.call("device.pair.revoke", { senderId })).toEqual({ revoked: true });
    expect(await refused(admin.call("device.pair.revoke", { senderId }))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("loses its tenant with everybody else when the tenant is suspended", async () => {
    const slug = `wolf-${dialect}`;
    await aTenant(gateway, slug);
    const owner = await openSocket(gateway, { user: "system", params: { tenant_id: slug } });
    const sender_id = await aPairedBrowser(gateway, owner, anAddress(), { tenant_id: slug });
    const browser = await openBrowser(gateway, anAddress());
    await browser.call("connect", { sender_id });
    await call("PUT", `/v1/tenants/${slug}`, { status: "suspended" }, { user: "system" });
    expect(await browser.closed).toMatchObject({ code: 1_008 });
    const again = await openBrowser(gateway, anAddress());
    expect(await refused(again.call("connect", { sender_id }))).toMatchObject({ code: "UNAUTHORIZED" });
    await again.close();
  });

  test("waits on an open connection for as long as its code is good", async () => {
    const [waiting, silent] = [await openBrowser(gateway, anAddress()), await openBrowser(gateway, anAddress())];
    const { sender_id } = await waiting.call("connect");
    now = new Date(now.getTime() + 11 * SECOND);
    expect(await silent.closed).toMatchObject({ code: 1_008 });
    expect(await waiting.call("browser.pairing.status", { sender_id })).toEqual({ status: "pending" });
    now = new Date(now.getTime() + 3_600 * SECOND);
    expect(await waiting.closed).toMatchObject({ code: 1_008 });
  });

  test("is heard of by administrators of its tenant alone", async () => {
    const [fox, reader] = [
      await openSocket(gateway, { token: (await aKey(gateway, ["admin"], { tenant: "fox" })).bearer }),
      await openSocket(gateway, { token: (await aKey(gateway, ["read", "write"])).bearer }),
    ];
    const stranger = await openBrowser(gateway, anAddress());
    const watch = await openSocket(gateway, { user: "ada" });
    const { pairing_code: code, sender_id } = await stranger.call("connect");
    await admin.call("device.pair.approve", { code });
    await admin.call("device.pair.revoke", { senderId: sender_id });
    const denied = await askForPairing(gateway, anAddress());
    await admin.call("device.pair.deny", { code: denied.code });
    await watch.event(({ payload }) => payload?.action === "denied");
    const mask = (id: string) => `${id.slice(0, 8)}…`;
    const asked = (code: string, id: string) => ({ code, sender_id: mask(id), channel: "browser", chat_id: "" });
    expect(watch.events.filter(isPairing).map(({ event, payload }) => [event.slice(12), payload])).toEqual([
      ["requested", asked(code, sender_id)],
      ["resolved", { action: "approved" }],
      ["resolved", { action: "revoked" }],
      ["requested", asked(denied.code, denied.senderId)],
      ["resolved", { action: "denied" }],
    ]);
    for (const socket of [fox, reader, stranger]) {
      await socket.call("health");
      expect(socket.events.filter(isPairing)).toEqual([]);
    }
    await Promise.all([fox, reader, stranger, watch].map((socket) => socket.close()));
  });

  test("leaves rows in the activity log, without its id", async () => {
    const senderId = await aPairedBrowser(gateway, admin, anAddress());
    await admin.call("device.pair.revoke", { senderId });
    const { body, text } = await call("GET", "/v1/activity?entity_type=device&limit=3");
    const shortId = senderId.slice(0, 8);
    expect(body.logs).toMatchObject([
      { action: "device.revoked", actor_type: "user", actor_id: "ada", details: { sender_id: `${shortId}…` } },
      { action: "device.approved", actor_type: "user", actor_id: "ada" },
      { action: "device.requested", actor_type: "device", actor_id: shortId, details: { address: anyAddress } },
    ]);
    expect(text).not.toContain(senderId);
  });
});

test("no log has the id of a browser", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_LOG_LEVEL: "debug" } });
  const lines: string[] = [];
  gateway.gateway.services.use(logFeed).subscribe("debug", (entry) => lines.push(JSON.stringify(entry)));
  const admin = await openSocket(gateway);
  const senderId = await aPairedBrowser(gateway, admin, "");
  for (const id of [senderId, `${senderId}0`]) {
    const headers = { "X-GoClaw-Sender-Id": id };
    await gateway.call("GET", "/v1/agents", undefined, { bearer: null, headers });
    await admin.call("browser.pairing.status", { sender_id: id });
    await admin.call("device.pair.revoke", { senderId: id }).catch(() => undefined);
  }
  expect(lines.filter((line) => line.includes("devices.revoke"))).toHaveLength(2);
  expect(lines.join("\n")).not.toContain(senderId);
  await gateway.stop();
});
