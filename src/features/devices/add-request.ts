import { toTimestamp } from "#base/clock.ts";
import { AppError } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { newPairingCode } from "#core/access/pairing-code.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { maskSenderId, newSenderId, type SenderId } from "#features/devices/sender-id.ts";

/** A browser that waits for its approval. */
export interface DeviceRequest {
  readonly deviceId: string;
  readonly senderId: SenderId;
  readonly code: string;
  readonly expiresAt: Date;
}

/** Creates a request with a new id and code. It is stored by `storeRequest`. */
export const newRequest = (now: Date): DeviceRequest => ({
  deviceId: newId(),
  senderId: newSenderId(),
  code: newPairingCode(),
  expiresAt: new Date(now.getTime() + LIMITS.pairingCodeTime),
});

/**
 * Stores a request, and removes browsers whose time is over. Throws RESOURCE_EXHAUSTED if too many browsers of the
 * address group or of the tenant wait. Nodes that store at the same moment may each add one more.
 */
export async function storeRequest(
  queries: TenantQueries,
  { deviceId, senderId, code, expiresAt }: DeviceRequest,
  address: string,
  now: Date,
) {
  const at = toTimestamp(now);
  const waiting = await queries
    .selectForUpdate("devices")
    .select("address")
    .where("status", "=", "pending")
    .where("expires_at", ">", at)
    .execute();
  const isAddressFull = waiting.filter((row) => row.address === address).length >= LIMITS.devicesWaitingPerAddress;
  if (isAddressFull || waiting.length >= LIMITS.devicesWaiting) throw tooManyWaiting();
  await queries.deleteFrom("devices").where("expires_at", "<=", at).execute();
  await queries
    .insertInto("devices", {
      ...{ id: deviceId, sender_hash: senderId.hash, short_id: senderId.shortId, code, status: "pending", address },
      ...{ approved_by: null, approved_at: null, created_at: at, updated_at: at },
      expires_at: toTimestamp(expiresAt),
    })
    .execute();
  return {
    entityId: deviceId,
    value: undefined,
    details: { sender_id: maskSenderId(senderId.shortId), address },
    eventOnly: { code },
  };
}

const tooManyWaiting = () =>
  new AppError("RESOURCE_EXHAUSTED", "error.too_many_pairings", {}, { reason: "too_many_pairings" });
