import { translate } from "#base/i18n/translate.ts";
import type { RunsTable } from "#db/run-tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { localeOf } from "#features/channels/inbound/answer-message.ts";
import type { ChannelAccounts } from "#features/channels/live/channel-accounts.ts";
import { type ChannelOrigin, originOf } from "#features/channels/outbound/channel-origin.ts";
import type { Outbox } from "#features/channels/outbound/outbox.ts";
import type { RunObserver } from "#runtime/after-run/index.ts";
import { isSilentReply } from "#runtime/prompt/index.ts";

export interface ReplyDependencies {
  readonly accounts: ChannelAccounts;
  readonly outbox: Outbox;
}

type EndedRun = Pick<RunsTable, "id" | "kind" | "session_id" | "status" | "output" | "metadata">;

/**
 * Creates the observer that brings the answer of a run to its chat. The result of a task that was handed on comes as a run
 * of its own. Its answer goes to the chat of its session. The key of the message makes the delivery happen once.
 */
export const createReplyObserver = ({ accounts, outbox }: ReplyDependencies): RunObserver => ({
  name: "channel-reply",
  wants: ({ run }) => run.kind === "channel" || run.kind === "announce",
  async observe({ db, runId }) {
    const run = await findRun(db.read, runId);
    const origin = run && (await findOrigin(db.read, run));
    const account = origin && (await accounts.find(origin.instance_id));
    if (!run || !origin || account?.db.tenantId !== db.tenantId) return;
    const text = toText(run, localeOf(account, origin.locale));
    await db.write(async (queries) => {
      await queries
        .updateTable("channel_inbound")
        .set({ state: "answered" })
        .where("run_id", "=", runId)
        .where("state", "=", "accepted")
        .execute();
      if (text === undefined) return;
      await outbox.add(queries, {
        ...{ account, key: `run:${runId}`, target: origin.target, runId },
        content: { text, media: [], ...(run.kind === "channel" && { replyTo: origin.reply_to }) },
      });
    });
  },
});

const findRun = (queries: TenantReads, runId: string): Promise<EndedRun | undefined> =>
  queries
    .selectFrom("runs")
    .select(["id", "kind", "session_id", "status", "output", "metadata"])
    .where("id", "=", runId)
    .executeTakeFirst();

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
  return status !== "completed" || text === "" || isSilentReply(text) ? undefined : text;
}
