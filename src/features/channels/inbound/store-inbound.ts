import { type Clock, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { InboundMessage } from "#channels/index.ts";
import type { JobQueue, NewJob } from "#core/jobs/job-queue.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toJson } from "#db/values.ts";
import { chatKeyOf, groupSubject } from "#features/channels/inbound/chat-key.ts";
import { moveGroup } from "#features/channels/inbound/chat-state.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import { movePairing } from "#features/channels/pairing/pairings.ts";

export const HANDLE_CHAT = "channel.handle";
/** Messages stay stored when a job is dead, and the next message of the chat brings a new job. */
export const CHAT_JOB_ATTEMPTS = 20;

export interface StoreInboundDependencies {
  readonly jobs: Pick<JobQueue, "enqueue">;
  readonly clock: Clock;
}

export type StoreInbound = (account: ChannelAccount, messages: readonly InboundMessage[]) => Promise<void>;

/**
 * Creates the function that stores messages with the jobs that handle them, in one transaction. A message that is known
 * already is left out, so a platform may deliver it again at any time.
 */
export const createStoreInbound =
  ({ jobs, clock }: StoreInboundDependencies): StoreInbound =>
  async (account, messages) => {
    if (messages.length === 0) return;
    const received = messages.map(withinLimits);
    const pause = Math.max(0, ...received.map((message) => pauseOf(account, message)));
    await account.db.write(async (queries) => {
      const now = clock.now();
      await insert(queries, account.id, received, toTimestamp(now));
      // The first message from the new place may be in the same batch, and needs to find the old conversation.
      for (const { target, movedTo } of received) {
        if (movedTo === undefined) continue;
        await moveGroup(queries, account.id, target, movedTo, now);
        await movePairing(queries, account.id, groupSubject(target), groupSubject({ chatId: movedTo }));
      }
      const chats = new Set(received.map(({ target }) => chatKeyOf(target)));
      for (const chat of chats) await jobs.enqueue(queries, toJob(account.id, chat, new Date(now.getTime() + pause)));
    });
  };

const MAX_RESUMED = 1_000;

/** Continues with the messages that were stored while nobody served the instance. */
export async function resumeInbound(
  { id, db }: ChannelAccount,
  { jobs, clock }: StoreInboundDependencies,
): Promise<void> {
  const chats = await db.read
    .selectFrom("channel_inbound")
    .select("chat_key")
    .distinct()
    .where("instance_id", "=", id)
    .where("state", "=", "received")
    .limit(MAX_RESUMED)
    .execute();
  if (chats.length === 0) return;
  await db.write(async (queries) => {
    for (const { chat_key } of chats) await jobs.enqueue(queries, toJob(id, chat_key, clock.now()));
  });
}

const toJob = (instance_id: string, chat_key: string, runAt: Date): NewJob => ({
  name: HANDLE_CHAT,
  key: `${instance_id}:${chat_key}`,
  payload: { instance_id, chat_key },
  maxAttempts: CHAT_JOB_ATTEMPTS,
  runAt,
});

/** Files of one album come one by one, so the gateway waits longer for the rest of them. */
const pauseOf = ({ config }: ChannelAccount, { media }: InboundMessage): number =>
  config.debounce_ms > 0 && media.length > 0
    ? Math.max(config.debounce_ms, LIMITS.channelAlbumWait)
    : config.debounce_ms;

async function insert(
  queries: TenantQueries,
  instance_id: string,
  messages: readonly InboundMessage[],
  received_at: string,
): Promise<void> {
  const rows = messages.map((message) => ({
    id: newId(),
    instance_id,
    external_id: message.externalId,
    chat_key: chatKeyOf(message.target),
    message: toJson(message),
    // Nobody has to answer that a group moved.
    state: message.movedTo === undefined ? "received" : "ignored",
    run_id: null,
    received_at,
  }));
  await queries
    .insertInto("channel_inbound", rows)
    .onConflict((conflict) => conflict.columns(["instance_id", "external_id"]).doNothing())
    .execute();
}

/** Platforms have limits of their own. These hold for a server that has none. */
const withinLimits = (message: InboundMessage): InboundMessage => ({
  ...message,
  externalId: headOf(message.externalId, LIMITS.channelIdChars),
  text: headOf(message.text, LIMITS.channelTextChars),
  media: message.media.slice(0, LIMITS.channelMediaPerMessage),
  sender: { ...message.sender, name: headOf(message.sender.name, LIMITS.channelIdChars) },
});
