import type { Context } from "#core/context.ts";
import type { DevicesTable } from "#db/access/access-tables.ts";
import type { DeviceRequest } from "#features/devices/add-request.ts";
import { devicePairing } from "#features/devices/device-pairing.ts";
import { parseSenderId } from "#features/devices/sender-id.ts";

/** What became of a browser that asked. */
export type PairingStatus = "approved" | "pending" | "expired";

/** Returns the request of a browser that waits for its approval. Undefined for any other, and for an unknown id. */
export async function findPending(ctx: Context, written: string | undefined): Promise<DeviceRequest | undefined> {
  const senderId = parseSenderId(written ?? "");
  const row = senderId && (await ctx.use(devicePairing).devices.findRow(senderId));
  if (!row || statusOf(row, ctx.clock.now()) !== "pending") return undefined;
  return { deviceId: row.id, senderId, code: row.code, expiresAt: new Date(row.expires_at) };
}

/** Returns what became of a request. One that was denied or never made is expired. */
export async function readPairingStatus(ctx: Context, written: string): Promise<PairingStatus> {
  const senderId = parseSenderId(written);
  const row = senderId && (await ctx.use(devicePairing).devices.findRow(senderId));
  return row ? statusOf(row, ctx.clock.now()) : "expired";
}

function statusOf({ status, expires_at }: DevicesTable, now: Date): PairingStatus {
  if (Date.parse(expires_at) <= now.getTime()) return "expired";
  return status === "approved" ? "approved" : "pending";
}
