import { type Clock, MINUTE, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { InboundMessage } from "#channels/index.ts";
import { newPairingCode } from "#core/access/pairing-code.ts";
import type { ChannelPairingsTable } from "#db/channels/channel-tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { toJson } from "#db/values.ts";

/** A sender gets the code again after this long. */
const TELL_AGAIN = 1 * MINUTE;

export async function isPaired(queries: TenantReads, instanceId: string, subject: string): Promise<boolean> {
  const row = await findPairingOf(queries, instanceId, subject);
  return row?.status === "approved";
}

/** Returns the pairing of a sender or a group. */
export const findPairingOf = (
  queries: TenantReads,
  instanceId: string,
  subject: string,
): Promise<ChannelPairingsTable | undefined> =>
  queries
    .selectFrom("channel_pairings")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where("subject", "=", subject)
    .executeTakeFirst();

/** Says what to tell a sender who is not paired. */
export type PairingAnswer =
  | { readonly kind: "tell"; readonly pairingId: string; readonly code: string; readonly isNew: boolean }
  /** It was told a moment ago. There is no code if too many wait. */
  | { readonly kind: "silent"; readonly code?: string };

/** Gives a sender, or a group, a code. The same one stays until it expires. */
export async function requestPairing(
  queries: TenantQueries,
  instanceId: string,
  subject: string,
  message: Pick<InboundMessage, "target" | "sender" | "locale">,
  clock: Clock,
): Promise<PairingAnswer> {
  const now = clock.now();
  const at = toTimestamp(now);
  if (await hasTooMany(queries, instanceId, at)) return { kind: "silent" };
  const fresh = {
    ...{ id: newId(), instance_id: instanceId, subject, label: labelOf(message), target: toJson(message.target) },
    locale: message.locale ?? "en",
    ...{ code: newPairingCode(), status: "pending", told_at: at, created_at: at, approved_by: null, approved_at: null },
    expires_at: toTimestamp(new Date(now.getTime() + LIMITS.pairingCodeTime)),
  };
  const row = await queries.insertOrLock("channel_pairings", fresh, ["instance_id", "subject"]);
  if (row.id === fresh.id) return { kind: "tell", pairingId: row.id, code: row.code, isNew: true };
  if (now.getTime() - Date.parse(row.told_at) < TELL_AGAIN) return { kind: "silent", code: row.code };
  const isExpired = row.expires_at < at;
  const code = isExpired ? fresh.code : row.code;
  await queries
    .updateTable("channel_pairings")
    .set({
      told_at: at,
      code,
      status: "pending",
      label: fresh.label,
      ...(isExpired && { expires_at: fresh.expires_at }),
    })
    .where("id", "=", row.id)
    .execute();
  return { kind: "tell", pairingId: row.id, code, isNew: isExpired };
}

/** Anybody can ask, so strangers could fill the table. Those whose codes expired make room for others. */
async function hasTooMany(queries: TenantQueries, instanceId: string, at: string): Promise<boolean> {
  if ((await countWaiting(queries, instanceId)) < LIMITS.channelPairingsWaiting) return false;
  await queries
    .deleteFrom("channel_pairings")
    .where("instance_id", "=", instanceId)
    .where("status", "=", "pending")
    .where("expires_at", "<", at)
    .execute();
  return (await countWaiting(queries, instanceId)) >= LIMITS.channelPairingsWaiting;
}

async function countWaiting(queries: TenantReads, instanceId: string): Promise<number> {
  const { count } = await queries
    .selectFrom("channel_pairings")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("instance_id", "=", instanceId)
    .where("status", "=", "pending")
    .executeTakeFirstOrThrow();
  return Number(count);
}

const labelOf = ({ sender, target }: Pick<InboundMessage, "sender" | "target">): string =>
  target.kind === "group" ? `${target.chatId} (${sender.name})` : sender.name;

/** A group that the platform gave a new id keeps its pairing. */
export async function movePairing(queries: TenantQueries, instanceId: string, from: string, to: string): Promise<void> {
  const known = await queries
    .selectForUpdate("channel_pairings")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where("subject", "in", [from, to])
    .execute();
  const source = known.find(({ subject }) => subject === from);
  if (!source || known.some(({ subject }) => subject === to)) return;
  await queries.updateTable("channel_pairings").set({ subject: to }).where("id", "=", source.id).execute();
}
