import { setTimeout as sleep } from "node:timers/promises";
import type { InboundMessage } from "#channels/index.ts";
import type { Context } from "#core/context.ts";
import type { ChannelInboundTable } from "#db/channels/channel-tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import type { InboundState } from "#features/channels/inbound/received-messages.ts";
import type { DeliveryAnswer } from "#features/channels/inbound/schema.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import type { StoredContent } from "#features/channels/outbound/outbox.ts";

/** The first and the longest pause between two looks, in milliseconds. Any node may handle the message. */
const FIRST_PAUSE = 30;
const LONGEST_PAUSE = 500;

/** Waits for the answer to a message, as long as the instance says. Resolves to what there is then. */
export async function awaitReply(
  ctx: Context,
  account: ChannelAccount,
  message: InboundMessage,
): Promise<DeliveryAnswer> {
  const waitMs = "reply_wait_ms" in account.config ? Number(account.config.reply_wait_ms) : 0;
  const deadline = performance.now() + waitMs;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
    const row = await findMessage(account.db.read, account.id, message.externalId);
    const status = row && toStatus(row.state as InboundState);
    if (row && status !== "accepted") return toAnswer(row, status, await findReplies(account.db.read, row));
    const left = deadline - performance.now();
    if (left <= 0 || ctx.signal.aborted) return toAnswer(row, "accepted", []);
    await sleep(Math.min(pause, left), undefined, { signal: ctx.signal }).catch(() => undefined);
  }
}

type Reply = NonNullable<DeliveryAnswer["replies"]>[number];

const toAnswer = (
  row: ChannelInboundTable | undefined,
  status: DeliveryAnswer["status"] | undefined,
  replies: Reply[],
): DeliveryAnswer => ({
  status: status ?? "accepted",
  ...(row && { message_id: row.external_id }),
  ...(row?.run_id && { run_id: row.run_id }),
  ...(status !== "accepted" && { replies }),
});

function toStatus(state: InboundState): DeliveryAnswer["status"] {
  switch (state) {
    case "received":
    case "accepted":
      return "accepted";
    case "answered":
      return "answered";
    case "remembered":
    case "ignored":
      return "ignored";
    case "refused":
      return "refused";
  }
}

const findMessage = (
  queries: TenantReads,
  instanceId: string,
  externalId: string,
): Promise<ChannelInboundTable | undefined> =>
  queries
    .selectFrom("channel_inbound")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where("external_id", "=", externalId)
    .executeTakeFirst();

async function findReplies(queries: TenantReads, { id, run_id }: ChannelInboundTable): Promise<Reply[]> {
  const rows = await queries
    .selectFrom("channel_outbound")
    .select(["id", "content"])
    .where((row) => row.or([row("inbound_id", "=", id), ...(run_id === null ? [] : [row("run_id", "=", run_id)])]))
    .orderBy("id")
    .execute();
  return rows.map((row) => {
    const { text, media } = fromJson<StoredContent>(row.content);
    const files = media.map(({ name, mediaType, size }) => ({ name, media_type: mediaType, size }));
    return { id: row.id, text, ...(files.length > 0 && { media: files }) };
  });
}
