import { type Clock, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { ChatTarget, OutboundContent } from "#channels/index.ts";
import type { JobQueue } from "#core/jobs/job-queue.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { toJson } from "#db/values.ts";
import { chatKeyOf } from "#features/channels/inbound/chat-key.ts";
import { CHAT_JOB_ATTEMPTS } from "#features/channels/inbound/store-inbound.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";

export const DELIVER_CHAT = "channel.deliver";

/**
 * The states of a message that goes out. `held` waits for the request of a program, which fetches it. `uncertain` was
 * sent at most once, and nobody knows whether it arrived. `draft` grows with an answer, and `drafted` no longer does.
 */
export type OutboundState = "pending" | "held" | "sent" | "uncertain" | "failed" | "draft" | "drafted";

/** The columns of a message that was not tried yet. */
export const UNSENT = {
  ...{ parts: null, parts_sent: 0, lost_parts: "[]", repeat_parts: "[]", open_part: null },
  ...{ attempt: 0, external_ids: "[]", error: null, retried_at: null },
};

/** What the outbox stores of a message. */
export interface StoredContent extends OutboundContent {
  readonly target: ChatTarget;
}

export interface NewOutbound {
  readonly account: ChannelAccount;
  /** Unique in the instance. A second message with the same key is left out. */
  readonly key: string;
  readonly target: ChatTarget;
  readonly content: OutboundContent;
  readonly inboundId?: string | undefined;
  readonly runId?: string | undefined;
}

/** Messages that go to chats. They are stored together with their cause, and jobs send them. */
export class Outbox {
  readonly #jobs: Pick<JobQueue, "enqueue">;
  readonly #clock: Clock;

  constructor(jobs: Pick<JobQueue, "enqueue">, clock: Clock) {
    this.#jobs = jobs;
    this.#clock = clock;
  }

  /** Adds a message in the caller's transaction. Resolves to its id, or to undefined if its key is known. */
  async add(
    queries: TenantQueries,
    { account, key, target, content, inboundId, runId }: NewOutbound,
  ): Promise<string | undefined> {
    const now = toTimestamp(this.#clock.now());
    const chat_key = chatKeyOf(target);
    const isHeld = newStateOf(account) === "held";
    const row = {
      ...{ id: newId(), instance_id: account.id, key, chat_key },
      ...{ inbound_id: inboundId ?? null, run_id: runId ?? null },
      content: toJson({ ...content, target } satisfies StoredContent),
      state: newStateOf(account),
      ...UNSENT,
      ...{ created_at: now, ended_at: isHeld ? now : null },
    };
    const { numInsertedOrUpdatedRows: added = 0n } = await queries
      .insertInto("channel_outbound", row)
      .onConflict((conflict) => conflict.columns(["instance_id", "key"]).doNothing())
      .executeTakeFirstOrThrow();
    if (added === 0n) return undefined;
    if (!isHeld) await this.enqueue(queries, account.id, chat_key);
    return row.id;
  }

  /** Continues with the messages that wait for an instance. */
  async resume({ id, db }: ChannelAccount): Promise<void> {
    const chats = await openChats(db.read, id);
    if (chats.length === 0) return;
    await db.write(async (queries) => {
      for (const chat of chats) await this.enqueue(queries, id, chat);
    });
  }

  /** Sees to it that the messages of a chat are sent. */
  async enqueue(queries: TenantQueries, instance_id: string, chat_key: string): Promise<void> {
    await this.#jobs.enqueue(queries, {
      name: DELIVER_CHAT,
      key: deliveryKeyOf(instance_id, chat_key),
      payload: { instance_id, chat_key },
      maxAttempts: CHAT_JOB_ATTEMPTS,
    });
  }
}

/** Returns the key of the job that sends the messages of a chat. */
export const deliveryKeyOf = (instanceId: string, chatKey: string): string => `${instanceId}:${chatKey}`;

const MAX_RESUMED = 1_000;

async function openChats(queries: TenantReads, instanceId: string): Promise<readonly string[]> {
  const rows = await queries
    .selectFrom("channel_outbound")
    .select("chat_key")
    .distinct()
    .where("instance_id", "=", instanceId)
    .where("ended_at", "is", null)
    .limit(MAX_RESUMED)
    .execute();
  return rows.map(({ chat_key }) => chat_key);
}

/** Returns whether the messages of an instance wait for the program that it belongs to. */
export const answersInPlace = ({ type, config }: Pick<ChannelAccount, "type" | "config">): boolean =>
  type === "webhook" && !("callback_url" in config && config.callback_url);

/** Returns the state in which the messages of an instance begin. */
export const newStateOf = (account: Pick<ChannelAccount, "type" | "config">): OutboundState =>
  answersInPlace(account) ? "held" : "pending";
