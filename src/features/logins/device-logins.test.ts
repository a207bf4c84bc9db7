import { afterAll, describe, expect, test } from "bun:test";
import { aPairedBrowser, askForPairing, BEHIND_PROXY } from "#features/devices/device-fixture.ts";
import { signIn } from "#features/logins/login-fixture.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the login of a paired browser on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect, env: BEHIND_PROXY });
  const admin = await openSocket(gateway);
  afterAll(async () => {
    await admin.close();
    await gateway.stop();
  });
  const me = (caller: object) => gateway.call("GET", "/v1/logins/current", undefined, caller);

  test("stands for the browser, which keeps no credential itself", async () => {
    const sender_id = await aPairedBrowser(gateway, admin, "203.0.113.1");
    const { answer, caller } = await signIn(gateway, { sender_id });
    expect(answer).toMatchObject({
      status: 201,
      body: { login: { made_with: "device" }, caller: { role: "operator" } },
    });
    expect(answer.text).not.toContain(sender_id);
    expect((await me(caller)).body).toMatchObject({ authenticated_by: "device", user_id: answer.body.caller.user_id });
    expect((await gateway.call("POST", "/v1/logins/links", {}, caller)).status).toBe(403);
  });

  test("ends with the pairing", async () => {
    const sender_id = await aPairedBrowser(gateway, admin, "203.0.113.2");
    const { caller } = await signIn(gateway, { sender_id });
    const { logins } = (await gateway.call("GET", "/v1/logins", undefined, caller)).body;
    expect(logins).toMatchObject([{ made_with: "device", is_current: true }]);
    await admin.call("device.pair.revoke", { senderId: sender_id, channel: "browser" });
    expect((await me(caller)).status).toBe(401);
    expect((await gateway.call("GET", "/v1/logins")).text).not.toContain(logins[0].id);
  });

  test("is refused to a browser that nobody approved", async () => {
    const { senderId: sender_id } = await askForPairing(gateway, "203.0.113.3");
    const { answer } = await signIn(gateway, { sender_id });
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
  });
});
