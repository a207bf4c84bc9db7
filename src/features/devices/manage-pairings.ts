import { addressGroup } from "#base/address-group.ts";
import { toTimestamp } from "#base/clock.ts";
import { invalidField } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { toPairingCode } from "#core/access/pairing-code.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { DevicesTable } from "#db/access/access-tables.ts";
import {
  approveChatCode,
  type ChatPairing,
  denyChatCode,
  listChatPairings,
  requestChatPairing,
  revokeChatPairing,
} from "#features/channels/index.ts";
import { newRequest, storeRequest } from "#features/devices/add-request.ts";
import { approveDevice, denyDevice, isDeviceCode, revokeDevice } from "#features/devices/change-device.ts";
import { devicePairing } from "#features/devices/device-pairing.ts";
import { deviceRequested } from "#features/devices/events.ts";
import { findPending } from "#features/devices/find-pending.ts";
import {
  BROWSER,
  type Paired,
  type PairingCodeInput,
  type Pending,
  type RequestPairingInput,
  type RevokePairingInput,
} from "#features/devices/schema.ts";
import { maskSenderId } from "#features/devices/sender-id.ts";

/** Asks for a pairing on behalf of a browser, or of a sender of a chat platform. Throws 400 for an unknown channel. */
export async function requestPairing(ctx: Context, { sender_id, channel, chat_id }: RequestPairingInput) {
  if (channel === BROWSER) return requestDevice(ctx, sender_id);
  return { code: await requestChatPairing(ctx, { channel, sender: sender_id, chat: chat_id }), sender_id };
}

async function requestDevice(ctx: Context, sender: string) {
  if (!ctx.use(devicePairing).isOpen) throw invalidField("channel", "gateway.browser_pairing");
  const pending = await findPending(ctx, sender);
  if (pending) return { code: pending.code, sender_id: pending.senderId.text };
  const now = ctx.clock.now();
  const request = newRequest(now);
  await mutate(ctx, deviceRequested, (queries) => storeRequest(queries, request, addressGroup(ctx.clientIp), now));
  return { code: request.code, sender_id: request.senderId.text };
}

/** Approves a code, of a browser or a chat. Throws NOT_FOUND for one that is unknown or has expired. */
export async function approvePairing(ctx: Context, input: PairingCodeInput): Promise<{ readonly paired: Paired }> {
  const code = toPairingCode(input.code);
  if (!(await isDeviceCode(ctx, code))) return { paired: ofChat(await approveChatCode(ctx, code)) };
  return { paired: toPaired(await approveDevice(ctx, code)) };
}

/** Turns down whoever waits with a code. Throws NOT_FOUND if nobody does. */
export async function denyPairing(ctx: Context, input: PairingCodeInput): Promise<void> {
  const code = toPairingCode(input.code);
  await ((await isDeviceCode(ctx, code)) ? denyDevice(ctx, code) : denyChatCode(ctx, code));
}

/** Takes back the rights of a browser, or the leave of a chat to write. Throws NOT_FOUND if it is not paired. */
export async function revokePairing(ctx: Context, { channel, sender_id }: RevokePairingInput): Promise<void> {
  await (channel === BROWSER ? revokeDevice(ctx, sender_id) : revokeChatPairing(ctx, channel, sender_id));
}

/** Lists who waits and who is paired, the newest first. Each list has at most `LIMITS.listMax` of either kind. */
export async function listPairings(ctx: Context) {
  const [devices, chats] = await Promise.all([listDevices(ctx), listChatPairings(ctx)]);
  return {
    pending: [...devices.pending.map(toPending), ...chats.pending.map(ofWaitingChat)],
    paired: [...devices.paired.map(toPaired), ...chats.paired.map(ofChat)],
  };
}

async function listDevices({ db, clock }: Context) {
  const at = toTimestamp(clock.now());
  const list = (status: string) =>
    db.read
      .selectFrom("devices")
      .selectAll()
      .where("status", "=", status)
      .where("expires_at", ">", at)
      .orderBy("id", "desc")
      .limit(LIMITS.listMax)
      .execute();
  const [pending, paired] = await Promise.all([list("pending"), list("approved")]);
  return { pending, paired };
}

const browserOf = ({ short_id }: DevicesTable) => ({
  sender_id: maskSenderId(short_id),
  channel: BROWSER,
  chat_id: "",
});

const toPending = (row: DevicesTable): Pending => ({
  ...browserOf(row),
  code: row.code,
  account_id: "default",
  created_at: Date.parse(row.created_at),
  expires_at: Date.parse(row.expires_at),
  metadata: { address: row.address },
});

const toPaired = (row: DevicesTable): Paired => ({
  ...browserOf(row),
  paired_at: Date.parse(row.approved_at ?? row.updated_at),
  paired_by: row.approved_by ?? "",
  expires_at: Date.parse(row.expires_at),
});

const chatOf = ({ sender, channel, chat }: ChatPairing) => ({ sender_id: sender, channel, chat_id: chat });

const ofWaitingChat = (pairing: ChatPairing): Pending => ({
  ...chatOf(pairing),
  code: pairing.code,
  account_id: pairing.instanceId,
  created_at: Date.parse(pairing.createdAt),
  expires_at: Date.parse(pairing.expiresAt),
  metadata: { label: pairing.label },
});

const ofChat = (pairing: ChatPairing): Paired => ({
  ...chatOf(pairing),
  paired_at: Date.parse(pairing.approvedAt),
  paired_by: pairing.approvedBy,
});
