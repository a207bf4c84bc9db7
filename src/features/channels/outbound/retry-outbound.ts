import { toTimestamp } from "#base/clock.ts";
import { failedPrecondition, notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import type { ChannelOutboundTable } from "#db/channels/channel-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import { messageRetried } from "#features/channels/events.ts";
import { getInstanceRow } from "#features/channels/instances/repository.ts";
import { channelOutbox } from "#features/channels/live/channel-services.ts";
import { readOutbound } from "#features/channels/outbound/list-outbound.ts";
import type { OutboundState } from "#features/channels/outbound/outbox.ts";
import {
  type ChannelOutboundMessage,
  type RetryOutboundInput,
  SHOWN_STATES,
} from "#features/channels/outbound/schema.ts";

/**
 * Sends what is left of a message that failed. Parts of which nobody knows whether they arrived go out again only if the
 * caller accepts that the chat may get them twice.
 */
export async function retryOutbound(
  ctx: Context,
  { id, message_id: messageId, may_repeat: mayRepeat }: RetryOutboundInput,
): Promise<ChannelOutboundMessage> {
  const instance = await getInstanceRow(ctx.db.read, id);
  return mutate(ctx, messageRetried, async (queries) => {
    const row = await lockMessage(queries, instance.id, messageId);
    requireRetriable(row, mayRepeat);
    const lost = fromJson<number[]>(row.lost_parts);
    const repeated = [...fromJson<number[]>(row.repeat_parts), ...(mayRepeat ? lost : [])];
    const state: OutboundState = "pending";
    const change = {
      ...{ state, ended_at: null, error: null, retried_at: toTimestamp(ctx.clock.now()) },
      ...{ repeat_parts: toJson(repeated), lost_parts: mayRepeat ? "[]" : row.lost_parts },
    };
    await queries.updateTable("channel_outbound").set(change).where("id", "=", row.id).execute();
    await ctx.use(channelOutbox).enqueue(queries, instance.id, row.chat_key);
    const value = await readOutbound(queries, { ...row, ...change });
    return { entityId: row.id, value, details: { instance: instance.name, target: row.chat_key } };
  });
}

async function lockMessage(
  queries: TenantQueries,
  instanceId: string,
  messageId: string,
): Promise<ChannelOutboundTable> {
  const row = isUuid(messageId)
    ? await queries
        .selectForUpdate("channel_outbound")
        .selectAll()
        .where("id", "=", messageId.toLowerCase())
        .where("instance_id", "=", instanceId)
        .where("state", "in", SHOWN_STATES)
        .executeTakeFirst()
    : undefined;
  if (!row) throw notFound("channel_message", messageId);
  return row;
}

function requireRetriable({ state }: ChannelOutboundTable, mayRepeat: boolean): void {
  if (state === "sent") throw failedPrecondition("error.channel_message_sent", {}, "message_sent");
  if (state === "pending") throw failedPrecondition("error.channel_message_pending", {}, "message_pending");
  if (state === "held") throw failedPrecondition("error.channel_message_held", {}, "message_held");
  if (state === "uncertain" && !mayRepeat)
    throw failedPrecondition("error.channel_message_uncertain", {}, "outcome_unknown");
}
