import { describe, expect, test } from "bun:test";
import { startTwoNodes } from "#testing/nodes/start-two-nodes.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("two gateways on one %s", () => {
  test(
    "a browser that one of them approves or revokes is let in or sent away by the other",
    async () => {
      const nodes = await startTwoNodes();
      const { first, second } = nodes;
      const token = first.site.env.GOCLAW_GATEWAY_TOKEN ?? "";
      const admin = await openSocket({ url: first.site.url, token });
      const browser = await openSocket({ url: second.site.url, token }, { connects: false });
      const { sender_id, pairing_code: code } = await browser.call("connect");
      const status = async () => (await browser.call("browser.pairing.status", { sender_id })).status;
      expect(await status()).toBe("pending");
      // The other gateway remembers that it does not know the browser.
      expect(await browser.call("connect", { sender_id })).toMatchObject({ pairing_code: code });
      await admin.call("device.pair.approve", { code });
      // Strangers may call once a second.
      const connect = async () => (await browser.call("connect", { sender_id })).role;
      while ((await connect()) !== "operator") await Bun.sleep(1_100);
      await admin.call("device.pair.revoke", { senderId: sender_id, channel: "browser" });
      expect(await browser.closed).toMatchObject({ code: 1_008 });
      await admin.close();
      await nodes.stop();
    },
    TIMEOUT,
  );
});
