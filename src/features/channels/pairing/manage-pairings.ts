import { toTimestamp } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { toPairingCode } from "#core/access/pairing-code.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { ChannelPairingsTable } from "#db/channels/channel-tables.ts";
import type { Select, TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { pairingRevoked } from "#features/channels/events.ts";
import type { ChannelPairing, ListPairingsInput, PairingPath } from "#features/channels/pairing/schema.ts";

export function toPairing(row: ChannelPairingsTable, now: Date): ChannelPairing {
  const isExpired = row.status === "pending" && row.expires_at < toTimestamp(now);
  return {
    id: row.id,
    instance_id: row.instance_id,
    subject: row.subject,
    label: row.label,
    ...(row.status === "pending" && !isExpired && { code: row.code }),
    status: row.status === "approved" ? "approved" : isExpired ? "expired" : "pending",
    ...(row.approved_by !== null && { approved_by: row.approved_by }),
    expires_at: row.expires_at,
    created_at: row.created_at,
  };
}

/** Locks a pairing that a request names by its id or its code. Throws `NOT_FOUND`. */
export async function lockPairing(queries: TenantQueries, reference: string): Promise<ChannelPairingsTable> {
  const row = await named(queries.selectForUpdate("channel_pairings"), reference).selectAll().executeTakeFirst();
  if (!row) throw notFound("channel_pairing", reference);
  return row;
}

/** Returns a pairing that a request names by its id or its code. */
export const findPairing = (queries: TenantReads, reference: string): Promise<ChannelPairingsTable | undefined> =>
  named(queries.selectFrom("channel_pairings"), reference).selectAll().executeTakeFirst();

const named = (rows: Select<"channel_pairings">, reference: string) =>
  isUuid(reference)
    ? rows.where("id", "=", reference.toLowerCase())
    : rows.where("code", "=", toPairingCode(reference));

export async function listPairings({ db, clock }: Context, { limit, offset, ...filter }: ListPairingsInput) {
  const [rows, { total }] = await Promise.all([
    matching(db.read, filter).selectAll().orderBy("id", "desc").limit(limit).offset(offset).execute(),
    matching(db.read, filter)
      .select(({ fn }) => fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow(),
  ]);
  return { pairings: rows.map((row) => toPairing(row, clock.now())), total: Number(total), limit, offset };
}

const matching = (queries: TenantReads, { instance_id, status }: Pick<ListPairingsInput, "instance_id" | "status">) =>
  queries
    .selectFrom("channel_pairings")
    .$if(instance_id !== undefined, (query) => query.where("instance_id", "=", instance_id ?? ""))
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? ""));

export async function revokePairing(ctx: Context, { id }: PairingPath): Promise<void> {
  await mutate(ctx, pairingRevoked, async (queries) => {
    const row = await lockPairing(queries, id);
    await queries.deleteFrom("channel_pairings").where("id", "=", row.id).execute();
    const action = row.status === "pending" ? ("denied" as const) : ("revoked" as const);
    const details = { instance: row.instance_id, subject: row.subject, action };
    return { entityId: row.id, value: undefined, details };
  });
}
