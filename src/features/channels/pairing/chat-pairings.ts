import { toTimestamp } from "#base/clock.ts";
import { AppError, alreadyExists, invalidField, notFound } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { ChatTarget } from "#channels/index.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { ChannelPairingsTable } from "#db/channels/channel-tables.ts";
import { fromJson } from "#db/values.ts";
import { pairingRequested } from "#features/channels/events.ts";
import { approvePairing } from "#features/channels/pairing/approve-pairing.ts";
import { findPairing, revokePairing } from "#features/channels/pairing/manage-pairings.ts";
import { findPairingOf, requestPairing } from "#features/channels/pairing/pairings.ts";

/** A sender or a group of a chat platform that waits, or may write. Times are RFC 3339. */
export interface ChatPairing {
  /** The platform's id of a sender, or `group:<id>`. */
  readonly sender: string;
  /** The name of the instance. */
  readonly channel: string;
  readonly instanceId: string;
  readonly chat: string;
  readonly label: string;
  readonly code: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly approvedAt: string;
  readonly approvedBy: string;
}

const toChatPairing = (row: ChannelPairingsTable, channel: string): ChatPairing => ({
  sender: row.subject.replace(/^user:/, ""),
  channel,
  instanceId: row.instance_id,
  chat: fromJson<ChatTarget>(row.target).chatId,
  label: row.label,
  code: row.code,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  // Rows that were approved before this was written down know only when they were asked for.
  approvedAt: row.approved_at ?? row.created_at,
  approvedBy: row.approved_by ?? "",
});

/** Lists those who wait and those who may write, the newest first, and at most `LIMITS.listMax` of each. */
export async function listChatPairings({ db, clock }: Context) {
  const at = toTimestamp(clock.now());
  const list = (status: string) =>
    db.read
      .selectFrom("channel_pairings")
      .selectAll()
      .where("status", "=", status)
      .$if(status === "pending", (query) => query.where("expires_at", ">=", at))
      .orderBy("id", "desc")
      .limit(LIMITS.listMax)
      .execute();
  const [pending, paired, instances] = await Promise.all([
    list("pending"),
    list("approved"),
    db.read.selectFrom("channel_instances").select(["id", "name"]).execute(),
  ]);
  const names = new Map(instances.map(({ id, name }) => [id, name]));
  const toPairing = (row: ChannelPairingsTable) => toChatPairing(row, names.get(row.instance_id) ?? row.instance_id);
  return { pending: pending.map(toPairing), paired: paired.map(toPairing) };
}

/** Lets a sender or a group write, by its code. Throws NOT_FOUND for a code that is unknown or has expired. */
export async function approveChatCode(ctx: Context, code: string): Promise<ChatPairing> {
  if (!(await findPairing(ctx.db.read, code))) throw notFound("pairing", code);
  await approvePairing(ctx, { id: code });
  const row = await findPairing(ctx.db.read, code);
  if (!row) throw notFound("pairing", code);
  return toChatPairing(row, await nameOf(ctx, row.instance_id));
}

/** Turns a request down, by its code. Throws NOT_FOUND unless somebody waits with it. */
export async function denyChatCode(ctx: Context, code: string): Promise<void> {
  const row = await findPairing(ctx.db.read, code);
  if (row?.status !== "pending") throw notFound("pairing", code);
  await revokePairing(ctx, { id: row.id });
}

/** Takes back the leave of a sender or a group to write. Throws NOT_FOUND unless it has it. */
export async function revokeChatPairing(ctx: Context, channel: string, sender: string): Promise<void> {
  const instanceId = await findInstance(ctx, channel);
  const row = await ctx.db.read
    .selectFrom("channel_pairings")
    .select("id")
    .where("instance_id", "=", instanceId ?? "")
    .where("subject", "in", [sender, `user:${sender}`])
    .where("status", "=", "approved")
    .executeTakeFirst();
  if (!row) throw notFound("pairing", sender);
  await revokePairing(ctx, { id: row.id });
}

export interface ChatPairingRequest {
  readonly channel: string;
  readonly sender: string;
  readonly chat: string | undefined;
}

/**
 * Asks on behalf of a sender or a group, and returns the code. Throws INVALID_REQUEST if no instance has the name of
 * the channel, ALREADY_EXISTS if the sender may write, and RESOURCE_EXHAUSTED if too many wait.
 */
export async function requestChatPairing(ctx: Context, request: ChatPairingRequest): Promise<string> {
  const { channel, sender, chat } = request;
  const instanceId = await findInstance(ctx, channel);
  if (instanceId === undefined) throw invalidField("channel", "browser | the name of a channel instance");
  const [, group] = /^group:(.+)$/.exec(sender) ?? [];
  const target = { kind: group ? "group" : "direct", chatId: chat || (group ?? sender) } as const;
  const subject = group ? sender : `user:${sender.replace(/^user:/, "")}`;
  return mutate(ctx, pairingRequested, async (queries) => {
    const known = await findPairingOf(queries, instanceId, subject);
    if (known?.status === "approved") throw alreadyExists("pairing", sender);
    if (known && known.expires_at > toTimestamp(ctx.clock.now())) return { unchanged: known.code };
    const author = { target, sender: { id: sender, name: sender }, locale: ctx.locale };
    const asked = await requestPairing(queries, instanceId, subject, author, ctx.clock);
    if (asked.code === undefined) throw tooManyWaiting();
    if (asked.kind === "silent" || !asked.isNew) return { unchanged: asked.code };
    const details = { instance: channel, subject };
    const eventOnly = { code: asked.code, chat_id: target.chatId };
    return { entityId: asked.pairingId, value: asked.code, details, eventOnly };
  });
}

async function findInstance({ db }: Context, name: string): Promise<string | undefined> {
  const row = await db.read.selectFrom("channel_instances").select("id").where("name", "=", name).executeTakeFirst();
  return row?.id;
}

async function nameOf({ db }: Context, instanceId: string): Promise<string> {
  const row = await db.read
    .selectFrom("channel_instances")
    .select("name")
    .where("id", "=", instanceId)
    .executeTakeFirst();
  return row?.name ?? instanceId;
}

const tooManyWaiting = () =>
  new AppError("RESOURCE_EXHAUSTED", "error.too_many_pairings", {}, { reason: "too_many_pairings" });
