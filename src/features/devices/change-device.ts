import { toTimestamp } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { DevicesTable } from "#db/access/access-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { deviceApproved, deviceDenied, deviceRevoked } from "#features/devices/events.ts";
import { maskSenderId, parseMaskedId, parseSenderId } from "#features/devices/sender-id.ts";

/** Returns whether a code is one of a browser. It may have expired. */
export async function isDeviceCode({ db }: Context, code: string): Promise<boolean> {
  const row = await db.read.selectFrom("devices").select("id").where("code", "=", code).executeTakeFirst();
  return row !== undefined;
}

/** Lets a browser in. A second approval changes nothing. Throws NOT_FOUND for a code that has expired. */
export async function approveDevice(ctx: Context, code: string): Promise<DevicesTable> {
  return mutate(ctx, deviceApproved, async (queries) => {
    const now = ctx.clock.now();
    const row = await lockByCode(queries, code, now);
    if (row.status === "approved") return { unchanged: row };
    const at = toTimestamp(now);
    const change = {
      ...{ status: "approved", approved_by: ctx.userId, approved_at: at, updated_at: at },
      expires_at: toTimestamp(new Date(now.getTime() + LIMITS.deviceTime)),
    };
    await queries.updateTable("devices").set(change).where("id", "=", row.id).execute();
    return { entityId: row.id, value: { ...row, ...change }, details: detailsOf(row) };
  });
}

/** Turns a browser down. It may ask again. Throws NOT_FOUND unless it waits. */
export async function denyDevice(ctx: Context, code: string): Promise<void> {
  await mutate(ctx, deviceDenied, async (queries) => {
    const row = await lockByCode(queries, code, ctx.clock.now());
    if (row.status !== "pending") throw notFound("pairing", code);
    await queries.deleteFrom("devices").where("id", "=", row.id).execute();
    return { entityId: row.id, value: undefined, details: detailsOf(row) };
  });
}

/** Takes a browser's rights away, by its whole or masked id. Throws NOT_FOUND unless it is paired. */
export async function revokeDevice(ctx: Context, written: string): Promise<void> {
  const shortId = parseSenderId(written)?.shortId ?? parseMaskedId(written);
  await mutate(ctx, deviceRevoked, async (queries) => {
    const row = await queries
      .selectForUpdate("devices")
      .selectAll()
      .where("short_id", "=", shortId ?? "")
      .where("status", "=", "approved")
      .executeTakeFirst();
    if (!row || isOther(row, written)) throw notFound("pairing", maskSenderId(written.slice(0, 8)));
    await queries.deleteFrom("devices").where("id", "=", row.id).execute();
    return { entityId: row.id, value: undefined, details: detailsOf(row) };
  });
}

/** A whole id has to be the right one to its end. */
function isOther({ sender_hash }: DevicesTable, written: string): boolean {
  const whole = parseSenderId(written);
  return whole !== undefined && whole.hash !== sender_hash;
}

async function lockByCode(queries: TenantQueries, code: string, now: Date): Promise<DevicesTable> {
  const row = await queries
    .selectForUpdate("devices")
    .selectAll()
    .where("code", "=", code)
    .where("expires_at", ">", toTimestamp(now))
    .executeTakeFirst();
  if (!row) throw notFound("pairing", code);
  return row;
}

const detailsOf = ({ short_id }: DevicesTable) => ({ sender_id: maskSenderId(short_id) });
