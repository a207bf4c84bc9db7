import { headOf } from "#base/texts/cut-text.ts";
import type { Context } from "#core/context.ts";
import type { ChannelOutboundTable } from "#db/channels/channel-tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import { getInstanceRow } from "#features/channels/instances/repository.ts";
import { DELIVER_CHAT, deliveryKeyOf, type StoredContent } from "#features/channels/outbound/outbox.ts";
import {
  type ChannelOutboundMessage,
  type ListOutboundInput,
  PREVIEW_CHARS,
  SHOWN_STATES,
} from "#features/channels/outbound/schema.ts";

/** Lists the messages of an instance, newest first. */
export async function listOutbound({ db }: Context, { id, state, limit, offset }: ListOutboundInput) {
  const instance = await getInstanceRow(db.read, id);
  const messages = db.read
    .selectFrom("channel_outbound")
    .where("instance_id", "=", instance.id)
    .where("state", "in", state === undefined ? SHOWN_STATES : [state]);
  const [rows, { total }] = await Promise.all([
    messages.selectAll().orderBy("id", "desc").limit(limit).offset(offset).execute(),
    messages.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
  ]);
  const nextAttempts = await findNextAttempts(db.read, rows);
  return { messages: rows.map((row) => toMessage(row, nextAttempts)), total: Number(total), limit, offset };
}

/** Returns a message as it is now. */
export async function readOutbound(queries: TenantReads, row: ChannelOutboundTable): Promise<ChannelOutboundMessage> {
  return toMessage(row, await findNextAttempts(queries, [row]));
}

/** When the jobs that wait are due, by their keys. */
type NextAttempts = ReadonlyMap<string | null, string>;

async function findNextAttempts(queries: TenantReads, rows: readonly ChannelOutboundTable[]): Promise<NextAttempts> {
  const keys = new Set(rows.filter(({ ended_at }) => ended_at === null).map(keyOf));
  if (keys.size === 0) return new Map();
  const jobs = await queries
    .selectFrom("jobs")
    .select(["key", "run_at"])
    .where("name", "=", DELIVER_CHAT)
    .where("key", "in", [...keys])
    .where("dead_at", "is", null)
    .where("lease_owner", "is", null)
    .execute();
  return new Map(jobs.map(({ key, run_at }) => [key, run_at]));
}

const keyOf = ({ instance_id, chat_key }: ChannelOutboundTable): string => deliveryKeyOf(instance_id, chat_key);

function toMessage(row: ChannelOutboundTable, nextAttempts: NextAttempts): ChannelOutboundMessage {
  const { text, media } = fromJson<StoredContent>(row.content);
  const undone = [row.lost_parts, row.repeat_parts].flatMap((places) => fromJson<number[]>(places));
  const next = row.ended_at === null ? nextAttempts.get(keyOf(row)) : undefined;
  return {
    id: row.id,
    instance_id: row.instance_id,
    chat: row.chat_key,
    preview: headOf(text, PREVIEW_CHARS),
    media_count: media.length,
    // Safe: the query leaves out drafts, which alone have other states.
    state: row.state as ChannelOutboundMessage["state"],
    attempt: row.attempt,
    ...(row.parts !== null && { parts: row.parts }),
    parts_sent: row.parts_sent - undone.length,
    ...(row.error !== null && { error: row.error }),
    ...(next !== undefined && { next_attempt_at: next }),
    ...(row.run_id !== null && { run_id: row.run_id }),
    created_at: row.created_at,
    ...(row.ended_at !== null && { ended_at: row.ended_at }),
  };
}
