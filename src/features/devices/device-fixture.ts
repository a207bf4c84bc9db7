import { openSocket, type SocketClient } from "#testing/sockets/socket-client.ts";
import type { TestGateway } from "#testing/test-gateway.ts";

/** The setting with which each browser of a test has the address that it says. */
export const BEHIND_PROXY = { GOCLAW_GATEWAY_TRUSTED_PROXIES: "true" };

/** Opens the socket of a browser at an address, without a call of `connect`. */
export const openBrowser = (gateway: TestGateway, address: string): Promise<SocketClient> =>
  openSocket(gateway, { connects: false, headers: { "X-Forwarded-For": address } });

/** Lets a browser ask. Returns its id and its code. */
export async function askForPairing(gateway: TestGateway, address: string, params: object = {}) {
  const socket = await openBrowser(gateway, address);
  const { pairing_code: code, sender_id: senderId } = await socket.call("connect", params);
  await socket.close();
  return { code, senderId };
}

/** Makes a paired browser of the tenant that `admin` administers. Returns its id. */
export async function aPairedBrowser(
  gateway: TestGateway,
  admin: SocketClient,
  address: string,
  params: object = {},
): Promise<string> {
  const { code, senderId } = await askForPairing(gateway, address, params);
  await admin.call("device.pair.approve", { code });
  return senderId;
}
