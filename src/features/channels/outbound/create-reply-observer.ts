import { translate } from "#base/i18n/translate.ts";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { EventBus } from "#core/events/events.ts";
import type { RunsTable } from "#db/run-tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { messageUpdated } from "#features/channels/events.ts";
import { localeOf } from "#features/channels/inbound/answer-message.ts";
import { chatKeyOf } from "#features/channels/inbound/chat-key.ts";
import { markAnswered } from "#features/channels/inbound/mark-handled.ts";
import type { ChannelAccount, ChannelAccounts } from "#features/channels/live/channel-accounts.ts";
import { type ChannelOrigin, originOf } from "#features/channels/outbound/channel-origin.ts";
import { newStateOf, type Outbox } from "#features/channels/outbound/outbox.ts";
import type { RunObserver } from "#runtime/after-run/index.ts";
import { isSilentReply } from "#runtime/prompt/index.ts";

export interface ReplyDependencies {
  readonly accounts: ChannelAccounts;
  readonly outbox: Outbox;
  readonly events: EventBus;
}

type EndedRun = Pick<RunsTable, "id" | "kind" | "session_id" | "status" | "output" | "metadata" | "ended_at">;

const COLUMNS = ["id", "kind", "session_id", "status", "output", "metadata", "ended_at"] as const;

/**
 * Creates the observer that brings the answer of a run to its chat. The result of a task that was handed on comes as a run
 * of its own. Its answer goes to the chat of its session. The key of the message makes the delivery happen once.
 */
export const createReplyObserver = ({ accounts, outbox, events }: ReplyDependencies): RunObserver => ({
  name: "channel-reply",
  wants: ({ run }) => run.kind === "channel" || run.kind === "announce",
  async observe({ db, runId }) {
    const run = await db.read.selectFrom("runs").select(COLUMNS).where("id", "=", runId).executeTakeFirst();
    const origin = run && (await findOrigin(db.read, run));
    const account = origin && (await accounts.find(origin.instance_id));
    if (!run || !origin || account?.db.tenantId !== db.tenantId) return;
    // The observers of two runs may be called in any order, and their answers have one.
    const due = [...(await findEarlier(db.read, account.id, origin, run)), run];
    const added = await db.write(async (queries) => {
      const ids: (string | undefined)[] = [];
      for (const ended of due)
        ids.push(await addReply(queries, ended, originOf(ended.metadata) ?? origin, account, outbox));
      return ids.filter((id) => id !== undefined);
    });
    const payload = { instance_id: account.id, state: newStateOf(account) };
    for (const entityId of added) events.publish(messageUpdated, { tenantId: db.tenantId, entityId, payload });
  },
});

/** Returns the other runs of a chat that have ended without an answer so far, in the order of their ends. */
async function findEarlier(
  queries: TenantReads,
  instanceId: string,
  { target }: ChannelOrigin,
  { id: ownId, ended_at: endedAt }: EndedRun,
): Promise<readonly EndedRun[]> {
  const accepted = await queries
    .selectFrom("channel_inbound")
    .select("run_id")
    .where("instance_id", "=", instanceId)
    .where("chat_key", "=", chatKeyOf(target))
    .where("state", "=", "accepted")
    .execute();
  const ids = [...new Set(accepted.flatMap(({ run_id: id }) => (id === null || id === ownId ? [] : id)))];
  if (ids.length === 0 || endedAt === null) return [];
  return queries
    .selectFrom("runs")
    .select(COLUMNS)
    .where("id", "in", ids)
    .where("ended_at", "is not", null)
    .where("ended_at", "<=", endedAt)
    .orderBy("ended_at")
    .orderBy("id")
    .execute();
}

/** Resolves to the id of the message, or to undefined if the chat gets none, or has it already. */
async function addReply(
  queries: TenantQueries,
  run: EndedRun,
  origin: ChannelOrigin,
  account: ChannelAccount,
  outbox: Outbox,
): Promise<string | undefined> {
  await markAnswered(queries, run.id);
  const text = toText(run, localeOf(account, origin.locale));
  if (text === undefined) return undefined;
  return outbox.add(queries, {
    ...{ account, key: `run:${run.id}`, target: origin.target, runId: run.id },
    content: { text, media: [], ...(run.kind === "channel" && { replyTo: origin.reply_to }) },
  });
}

/** Returns where a run came from: its own message, or the last one of its session. */
export async function findOrigin(
  queries: TenantReads,
  run: Pick<EndedRun, "kind" | "session_id" | "metadata">,
): Promise<ChannelOrigin | undefined> {
  if (run.kind === "channel") return originOf(run.metadata);
  const last = await queries
    .selectFrom("runs")
    .select("metadata")
    .where("session_id", "=", run.session_id)
    .where("kind", "=", "channel")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return last && originOf(last.metadata);
}

/** Returns what the chat reads, or undefined for nothing. Who stopped a run knows that it stopped. */
function toText({ kind, status, output }: EndedRun, locale: Parameters<typeof translate>[0]): string | undefined {
  if (status === "failed") return kind === "channel" ? translate(locale, "channel.failed", {}) : undefined;
  const text = output?.trim() ?? "";
  if (status !== "completed" || text === "" || isSilentReply(text)) return undefined;
  // Nobody reads hundreds of messages. The session has the whole answer.
  return text.length > LIMITS.channelTextChars ? `${headOf(text, LIMITS.channelTextChars)}\n\n…` : text;
}
