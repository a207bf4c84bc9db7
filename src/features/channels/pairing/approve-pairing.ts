import { toTimestamp } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import { translate } from "#base/i18n/translate.ts";
import type { ChatTarget } from "#channels/index.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { fromJson } from "#db/values.ts";
import { pairingApproved } from "#features/channels/events.ts";
import { localeOf } from "#features/channels/inbound/answer-message.ts";
import { channelAccounts } from "#features/channels/live/channel-accounts.ts";
import { channelOutbox } from "#features/channels/live/channel-services.ts";
import { findPairing, lockPairing, toPairing } from "#features/channels/pairing/manage-pairings.ts";
import type { ChannelPairing, PairingPath } from "#features/channels/pairing/schema.ts";

/** Lets a sender or a group write, and tells its chat. Throws `NOT_FOUND` for a code that has expired. */
export async function approvePairing(ctx: Context, { id }: PairingPath): Promise<ChannelPairing> {
  const known = await findPairing(ctx.db.read, id);
  const account = known && (await ctx.use(channelAccounts).find(known.instance_id));
  if (!account) throw notFound("channel_pairing", id);
  return mutate(ctx, pairingApproved, async (queries) => {
    const row = await lockPairing(queries, id);
    const now = ctx.clock.now();
    if (row.status === "approved") return { unchanged: toPairing(row, now) };
    if (row.expires_at < toTimestamp(now)) throw notFound("channel_pairing", id);
    const change = { status: "approved", approved_by: ctx.userId, approved_at: toTimestamp(now) };
    await queries.updateTable("channel_pairings").set(change).where("id", "=", row.id).execute();
    await ctx.use(channelOutbox).add(queries, {
      ...{ account, key: `paired:${row.id}:${row.code}`, target: fromJson<ChatTarget>(row.target) },
      content: { text: translate(localeOf(account, row.locale), "channel.paired", {}), media: [] },
    });
    const details = { instance: account.name, subject: row.subject };
    return { entityId: row.id, value: toPairing({ ...row, ...change }, now), details };
  });
}
