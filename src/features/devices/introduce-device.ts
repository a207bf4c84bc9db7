import { addressGroup } from "#base/address-group.ts";
import { unauthorized } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { findActiveTenant } from "#core/access/authenticate.ts";
import { rateLimited } from "#core/access/rate-limiter.ts";
import type { Context } from "#core/context.ts";
import { eventBus } from "#core/events/events.ts";
import { type ConnectInput, tenantHintOf } from "#core/live/connect-input.ts";
import { mutateAs } from "#core/mutate.ts";
import { newRequest, storeRequest } from "#features/devices/add-request.ts";
import { devicePairing } from "#features/devices/device-pairing.ts";
import { deviceRequested } from "#features/devices/events.ts";
import { findPending } from "#features/devices/find-pending.ts";

/** What a browser is told while it waits. */
export interface Introduction {
  readonly code: string;
  readonly senderId: string;
}

/**
 * Lets a stranger ask for its pairing. One that asked before gets the same code until it expires. Throws UNAUTHORIZED
 * if browsers cannot ask, NOT_FOUND for an unknown tenant, and RESOURCE_EXHAUSTED if the stranger calls too often.
 */
export async function introduceDevice(ctx: Context, input: ConnectInput): Promise<Introduction> {
  const { isOpen } = ctx.use(devicePairing);
  await countStranger(ctx);
  if (!isOpen) throw unauthorized();
  const now = ctx.clock.now();
  const pending = await findPending(ctx, input.sender_id);
  const request = pending ?? (await requestAsStranger(ctx, tenantHintOf(input), now));
  ctx.options.live?.keepOpen(request.expiresAt.getTime() - now.getTime());
  return { code: request.code, senderId: request.senderId.text };
}

/** Counts a call of a stranger. Throws RESOURCE_EXHAUSTED if its address exceeds the rate. */
export async function countStranger(ctx: Context): Promise<void> {
  const { limiter } = ctx.use(devicePairing);
  if (!(await limiter.take(addressGroup(ctx.clientIp)))) throw rateLimited();
}

async function requestAsStranger(ctx: Context, hint: string | undefined, now: Date) {
  const { forTenant, tenants } = ctx.use(devicePairing);
  const db = forTenant(await findActiveTenant(tenants, hint || MASTER_TENANT_ID));
  const request = newRequest(now);
  const { deviceId, senderId } = request;
  const actor = { kind: "device", deviceId, shortId: senderId.shortId } as const;
  const author = { db, actor, events: ctx.use(eventBus), now };
  await mutateAs(author, deviceRequested, (queries) => storeRequest(queries, request, addressGroup(ctx.clientIp), now));
  return request;
}
