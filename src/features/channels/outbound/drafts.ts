import { type Clock, SECOND } from "#base/clock.ts";
import { PostponedError } from "#core/jobs/job-queue.ts";
import type { ChannelOutboundTable } from "#db/channels/channel-tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import type { OutboundState } from "#features/channels/outbound/outbox.ts";

const OF_RUN = /^run:(.+)$/;
/** How long an answer waits for a draft that is on its way. The process that sends it may have died. */
const MAX_WAIT = 30 * SECOND;
const LOOK_AGAIN = 300;

export const draftKeyOf = (runId: string): string => `draft:${runId}`;

/**
 * Returns the id of the message whose place an answer takes, or undefined if none grew for it. Throws `PostponedError`
 * while the message is on its way.
 */
export async function findDraft(
  queries: TenantReads,
  row: ChannelOutboundTable,
  clock: Clock,
): Promise<string | undefined> {
  const [, runId] = OF_RUN.exec(row.key) ?? [];
  if (runId === undefined || row.parts_sent > 0) return undefined;
  const draft = await queries
    .selectFrom("channel_outbound")
    .select(["state", "external_ids"])
    .where("instance_id", "=", row.instance_id)
    .where("key", "=", draftKeyOf(runId))
    .executeTakeFirst();
  if (!draft) return undefined;
  const now = clock.now().getTime();
  const isGrowing = draft.state === ("draft" satisfies OutboundState);
  if (isGrowing && now - Date.parse(row.created_at) < MAX_WAIT) throw new PostponedError(new Date(now + LOOK_AGAIN));
  return fromJson<readonly string[]>(draft.external_ids)[0];
}
