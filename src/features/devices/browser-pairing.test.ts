import { afterAll, describe, expect, test } from "bun:test";
import { DAY, HOUR, MINUTE } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { aPairedBrowser, askForPairing, BEHIND_PROXY, openBrowser } from "#features/devices/device-fixture.ts";
import { aTenant } from "#features/tenants/tenant-fixture.ts";
import { openSocket, refused } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const CODE = /^[A-HJ-NP-Z2-9]{8}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe.each([...testDialects()])("the pairing of a browser on %s", async (dialect) => {
  let now = new Date();
  const later = (milliseconds: number) => {
    now = new Date(now.getTime() + milliseconds);
  };
  const gateway = await startTestGateway({ dialect, clock: { now: () => now }, env: BEHIND_PROXY });
  const admin = await openSocket(gateway, { user: "ada" });
  await aTenant(gateway, "fox");
  afterAll(() => gateway.stop());
  let addresses = 0;
  const anAddress = () => `198.51.100.${++addresses}`;
  const statusOf = async (sender_id: string) => {
    const socket = await openBrowser(gateway, anAddress());
    const { status } = await socket.call("browser.pairing.status", { sender_id });
    await socket.close();
    return status;
  };

  test("goes from a request over an approval to a session", async () => {
    const browser = await openBrowser(gateway, anAddress());
    const asked = await browser.call("connect", { locale: "vi", user_id: "Nguyễn 🦊" });
    expect(asked).toEqual({
      protocol: 3,
      status: "pending_pairing",
      pairing_code: expect.stringMatching(CODE),
      sender_id: expect.stringMatching(UUID),
      server: { name: "goclaw", version: expect.any(String) },
    });
    const { sender_id } = asked;
    expect(await refused(browser.call("agents.list"))).toMatchObject({ code: "UNAUTHORIZED" });
    expect(await browser.call("browser.pairing.status", { sender_id })).toEqual({ status: "pending" });
    const { paired } = await admin.call("device.pair.approve", { code: asked.pairing_code, approvedBy: "someone" });
    expect(paired).toMatchObject({
      ...{ sender_id: `${sender_id.slice(0, 8)}…`, channel: "browser", chat_id: "" },
      ...{ paired_at: now.getTime(), paired_by: "ada", expires_at: now.getTime() + 30 * DAY },
    });
    expect(await browser.call("browser.pairing.status", { sender_id })).toEqual({ status: "approved" });
    expect(await browser.call("connect", { sender_id, user_id: "Nguyễn 🦊" })).toMatchObject({
      ...{ role: "operator", user_id: "Nguyễn 🦊", tenant_slug: "master", is_owner: false },
    });
    expect(await browser.call("agents.list")).toHaveProperty("agents");
    await browser.close();
  });

  test("gives a browser that names nobody a user of its own", async () => {
    const senderId = await aPairedBrowser(gateway, admin, anAddress());
    const browser = await openBrowser(gateway, anAddress());
    const { user_id } = await browser.call("connect", { sender_id: senderId });
    expect(user_id).toBe(`device:${senderId.slice(0, 8)}`);
    await browser.close();
  });

  test("has one request for a browser that tries again, and the request outlives its connection", async () => {
    const address = anAddress();
    const { code, senderId } = await askForPairing(gateway, address);
    expect(await askForPairing(gateway, address, { sender_id: senderId })).toEqual({ code, senderId });
    expect(await askForPairing(gateway, address, { sender_id: senderId.toUpperCase() })).toEqual({ code, senderId });
    await admin.event(({ payload }) => payload?.code === code);
    expect(admin.events.filter(({ payload }) => payload?.code === code)).toHaveLength(1);
    const { pending } = await admin.call("device.pair.list");
    expect(pending.filter((each: { code: string }) => each.code === code)).toEqual([
      {
        ...{ code, sender_id: `${senderId.slice(0, 8)}…`, channel: "browser", chat_id: "", account_id: "default" },
        ...{ created_at: now.getTime(), expires_at: now.getTime() + HOUR, metadata: { address } },
      },
    ]);
  });

  test.each(["1", "00000000-0000-4000-8000-000000000000", "Nguyễn 🦊"])(
    "never takes an id that the client chose, such as %s",
    async (sender_id) => {
      const { code, senderId } = await askForPairing(gateway, anAddress(), { sender_id });
      expect(senderId).toMatch(UUID);
      expect(senderId).not.toBe(sender_id);
      await admin.call("device.pair.approve", { code });
      expect(await statusOf(sender_id)).toBe("expired");
    },
  );

  test("takes a code as people write it, and an approval twice", async () => {
    const { code, senderId } = await askForPairing(gateway, anAddress());
    const written = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
    const first = await admin.call("device.pair.approve", { code: written });
    later(MINUTE);
    expect(await admin.call("device.pair.approve", { code })).toEqual(first);
    expect(await statusOf(senderId)).toBe("approved");
  });

  test("ends with an hour without approval, and the browser gets another code", async () => {
    const address = anAddress();
    const { code, senderId } = await askForPairing(gateway, address);
    later(HOUR - 1);
    expect(await statusOf(senderId)).toBe("pending");
    later(1);
    expect(await statusOf(senderId)).toBe("expired");
    expect(await refused(admin.call("device.pair.approve", { code }))).toMatchObject({ code: "NOT_FOUND" });
    expect(await refused(admin.call("device.pair.deny", { code }))).toMatchObject({ code: "NOT_FOUND" });
    const again = await askForPairing(gateway, address, { sender_id: senderId });
    expect(again.code).not.toBe(code);
    expect(again.senderId).not.toBe(senderId);
  });

  test("ends with a denial, and the browser may ask again", async () => {
    const address = anAddress();
    const { code, senderId } = await askForPairing(gateway, address);
    expect(await admin.call("device.pair.deny", { code })).toEqual({ denied: true });
    expect(await statusOf(senderId)).toBe("expired");
    expect(await refused(admin.call("device.pair.approve", { code }))).toMatchObject({ code: "NOT_FOUND" });
    expect((await askForPairing(gateway, address, { sender_id: senderId })).code).not.toBe(code);
  });

  test("lasts for 30 days from the last use", async () => {
    const senderId = await aPairedBrowser(gateway, admin, anAddress());
    const use = async () => {
      const headers = { "X-GoClaw-Sender-Id": senderId };
      return (await gateway.call("GET", "/v1/agents", undefined, { bearer: null, headers })).status;
    };
    later(29 * DAY);
    expect(await use()).toBe(200);
    later(29 * DAY);
    expect(await use()).toBe(200);
    later(30 * DAY);
    expect(await use()).toBe(401);
    expect(await statusOf(senderId)).toBe("expired");
    const { paired } = await admin.call("device.pair.list");
    expect(JSON.stringify(paired)).not.toContain(senderId.slice(0, 8));
  });

  test("belongs to the tenant that the browser names, and to no other", async () => {
    const address = anAddress();
    const owner = await openSocket(gateway, { user: "system", params: { tenant_id: "fox" } });
    const { code, senderId } = await askForPairing(gateway, address, { tenant_hint: "fox" });
    const shown = async (socket: typeof admin) => JSON.stringify(await socket.call("device.pair.list"));
    expect([(await shown(admin)).includes(code), (await shown(owner)).includes(code)]).toEqual([false, true]);
    for (const method of ["device.pair.approve", "device.pair.deny"]) {
      expect(await refused(admin.call(method, { code }))).toMatchObject({ code: "NOT_FOUND" });
    }
    await owner.call("device.pair.approve", { code });
    const browser = await openBrowser(gateway, address);
    expect(await browser.call("connect", { sender_id: senderId, tenant_id: "master" })).toMatchObject({
      ...{ role: "operator", tenant_slug: "fox" },
    });
    expect(await refused(admin.call("device.pair.revoke", { senderId }))).toMatchObject({ code: "NOT_FOUND" });
    expect(await browser.call("tenants.mine")).toMatchObject({ tenants: [{ slug: "fox" }] });
    await Promise.all([owner.close(), browser.close()]);
  });

  test("asks no tenant that is unknown or suspended", async () => {
    await aTenant(gateway, "wolf");
    await gateway.call("PUT", "/v1/tenants/wolf", { status: "suspended" }, { user: "system" });
    const browser = await openBrowser(gateway, anAddress());
    expect(await refused(browser.call("connect", { tenant_hint: "nowhere" }))).toMatchObject({ code: "NOT_FOUND" });
    expect(await refused(browser.call("connect", { tenant_hint: "wolf" }))).toMatchObject({ code: "UNAUTHORIZED" });
    await browser.close();
  });

  describe("is limited", () => {
    test("to three that wait at one address", async () => {
      const address = "2001:db8:1:2::";
      const asked = [];
      for (let browser = 0; browser < LIMITS.devicesWaitingPerAddress; browser++) {
        asked.push(await askForPairing(gateway, `${address}${browser}`));
        later(MINUTE);
      }
      const browser = await openBrowser(gateway, `${address}ff`);
      expect(await refused(browser.call("connect"))).toMatchObject({
        code: "RESOURCE_EXHAUSTED",
        details: { reason: "too_many_pairings" },
      });
      const [first] = asked;
      expect(await browser.call("connect", { sender_id: first?.senderId })).toMatchObject({
        pairing_code: first?.code,
      });
      await admin.call("device.pair.deny", { code: first?.code });
      expect(await browser.call("connect")).toMatchObject({ status: "pending_pairing" });
      await browser.close();
    });

    test("to fifty that wait in a tenant, until they expire", async () => {
      later(HOUR);
      for (let browser = 0; browser < LIMITS.devicesWaiting; browser++) {
        await askForPairing(gateway, `203.0.113.${browser}`);
      }
      const browser = await openBrowser(gateway, "203.0.113.200");
      expect(await refused(browser.call("connect"))).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
      expect(await browser.call("connect", { tenant_hint: "fox" })).toMatchObject({ status: "pending_pairing" });
      later(HOUR);
      expect(await browser.call("connect")).toMatchObject({ status: "pending_pairing" });
      expect((await admin.call("device.pair.list")).pending).toHaveLength(1);
      await browser.close();
    });

    test("in the calls of strangers, by their address", async () => {
      const browser = await openBrowser(gateway, "192.0.2.1");
      const ask = () => browser.call("browser.pairing.status", { sender_id: "1" });
      for (let call = 0; call < LIMITS.rateBurst; call++) expect(await ask()).toEqual({ status: "expired" });
      expect(await refused(ask())).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
      expect(await refused(browser.call("connect"))).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
      const other = await openBrowser(gateway, "192.0.2.2");
      expect(await other.call("browser.pairing.status", { sender_id: "1" })).toEqual({ status: "expired" });
      later(MINUTE);
      expect(await ask()).toEqual({ status: "expired" });
      await Promise.all([browser.close(), other.close()]);
    });
  });

  test("is nothing for a wrong token", async () => {
    const browser = await openBrowser(gateway, anAddress());
    const senderId = await aPairedBrowser(gateway, admin, anAddress());
    const wrong = browser.call("connect", { token: "wrong", sender_id: senderId });
    expect(await refused(wrong)).toMatchObject({ code: "UNAUTHORIZED" });
    await browser.close();
  });
});

describe("a browser cannot ask", () => {
  const request = { senderId: "x", channel: "browser" };

  test("where it is switched off", async () => {
    const gateway = await startTestGateway({ env: { GOCLAW_GATEWAY_BROWSER_PAIRING: "false" } });
    const [browser, admin] = [await openSocket(gateway, { connects: false }), await openSocket(gateway)];
    for (const method of ["connect", "devices.introduce"]) {
      expect(await refused(browser.call(method))).toMatchObject({ code: "UNAUTHORIZED" });
    }
    expect(await refused(admin.call("device.pair.request", request))).toMatchObject({ code: "INVALID_REQUEST" });
    expect(await admin.call("device.pair.list")).toEqual({ pending: [], paired: [] });
    await gateway.stop();
  });

  test("where nobody needs a token", async () => {
    const gateway = await startTestGateway({ env: { GOCLAW_GATEWAY_AUTH: "none" } });
    const browser = await openSocket(gateway, { connects: false });
    expect(await refused(browser.call("devices.introduce"))).toMatchObject({ code: "UNAUTHORIZED" });
    expect(await browser.call("connect")).toMatchObject({ role: "admin" });
    expect(await refused(browser.call("device.pair.request", request))).toMatchObject({ code: "INVALID_REQUEST" });
    await gateway.stop();
  });
});
