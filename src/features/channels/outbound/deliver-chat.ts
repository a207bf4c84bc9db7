import { z } from "zod";
import type { Clock } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { type Channel, ChannelError, type ChatTarget, type OutboundPart } from "#channels/index.ts";
import type { EventBus } from "#core/events/events.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import type { ChannelOutboundTable } from "#db/channels/channel-tables.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import type { ChannelAccount, ChannelAccounts } from "#features/channels/live/channel-accounts.ts";
import { findDraft } from "#features/channels/outbound/drafts.ts";
import { handleSendFailure } from "#features/channels/outbound/handle-send-failure.ts";
import { OutboundRecord, TakenOverError } from "#features/channels/outbound/outbound-record.ts";
import { DELIVER_CHAT, type Outbox, type StoredContent } from "#features/channels/outbound/outbox.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";

const Payload = z.object({ instance_id: z.string(), chat_key: z.string() });

export interface DeliverDependencies {
  readonly accounts: ChannelAccounts;
  readonly outbox: Outbox;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly events: EventBus;
  readonly random: () => number;
}

/**
 * Creates the job that sends the messages of a chat in their order. A part counts as open before it is sent and as sent
 * after that. A part that a dead process left open is sent again only where the receiver recognises that.
 */
export const createDeliverJob = (dependencies: DeliverDependencies): JobHandler =>
  defineJob({
    name: DELIVER_CHAT,
    payload: Payload,
    async run({ db, payload, signal }) {
      const account = await dependencies.accounts.find(payload.instance_id);
      if (!account?.isServed) return;
      for (;;) {
        signal.throwIfAborted();
        const row = await nextOf(db.read, account.id, payload.chat_key);
        if (!row) return;
        await deliver(row, account, db, signal, dependencies);
      }
    },
  });

/**
 * Waits for a message that is on its way, but not for long when the gateway stops. The next process finds the part open.
 */
async function withGrace<Value>(sending: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    timer = setTimeout(() => reject(new TakenOverError("the gateway stops")), LIMITS.channelSendGrace);
  };
  signal.addEventListener("abort", stop, { once: true });
  return Promise.race([sending, promise]).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  });
}

/** Puts a text in the place of a message. Resolves to false if the message is gone. */
async function replaceDraft(
  channel: Channel,
  target: ChatTarget,
  draft: string,
  { text }: Extract<OutboundPart, { kind: "text" }>,
): Promise<boolean> {
  try {
    await channel.edit?.(target, draft, text);
    return true;
  } catch (thrown) {
    if (thrown instanceof ChannelError && thrown.kind === "refused") return false;
    // An edit may be made twice, so an unknown outcome is worth another one.
    if (thrown instanceof ChannelError && thrown.kind === "outcome_unknown")
      throw new ChannelError("unavailable", thrown.message);
    throw thrown;
  }
}

const nextOf = (queries: TenantReads, instanceId: string, chatKey: string): Promise<ChannelOutboundTable | undefined> =>
  queries
    .selectFrom("channel_outbound")
    .selectAll()
    .where("instance_id", "=", instanceId)
    .where("chat_key", "=", chatKey)
    .where("ended_at", "is", null)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();

async function deliver(
  row: ChannelOutboundTable,
  account: ChannelAccount,
  db: TenantDatabase,
  signal: AbortSignal,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { clock, events } = dependencies;
  const record = new OutboundRecord(row, { db, clock, events });
  try {
    await sendParts(record, account.open(), signal, db, dependencies);
  } catch (thrown) {
    await handleSendFailure(thrown, record, recognisesRepeats(account), dependencies);
  }
}

/** Returns false also for an account that cannot be opened, through which nothing was sent. */
function recognisesRepeats(account: ChannelAccount): boolean {
  try {
    return account.open().capabilities.recognisesRepeats;
  } catch {
    return false;
  }
}

/** Sends the parts that are left. A part in flight is not interrupted, because its outcome would be unknown. */
async function sendParts(
  record: OutboundRecord,
  channel: Channel,
  signal: AbortSignal,
  db: TenantDatabase,
  { blobs, clock }: DeliverDependencies,
): Promise<void> {
  const { row } = record;
  const { target, ...content } = fromJson<StoredContent>(row.content);
  const parts = channel.split(content);
  if (record.hasOpenPart && !channel.capabilities.recognisesRepeats) await record.skipPart();
  for (const index of record.dueParts(parts.length)) {
    signal.throwIfAborted();
    const part = parts[index];
    if (!part) continue;
    const draft = index === 0 && part.kind === "text" ? await findDraft(db.read, row, clock) : undefined;
    await record.openPart(index, parts.length);
    const load = async ({ blob }: { readonly blob: string }) => {
      const opened = await blobs.open(row.tenant_id, blob);
      return new Uint8Array(await opened.bytes());
    };
    const send = () => channel.send(target, part, { deliveryId: `${row.id}.${index}`, load });
    const isReplaced =
      draft !== undefined && part.kind === "text" && (await replaceDraft(channel, target, draft, part));
    await record.partSent(isReplaced ? draft : await withGrace(send(), signal));
  }
  await record.end();
}
