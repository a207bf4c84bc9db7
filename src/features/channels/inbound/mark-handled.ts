import type { TenantQueries } from "#db/tenant-queries.ts";
import type { InboundState, ReceivedMessage } from "#features/channels/inbound/received-messages.ts";

/** Thrown if another process has handled a message. Nothing of this attempt is stored then. */
export class HandledError extends Error {
  override readonly name = "HandledError";
}

/** Marks messages as handled, together with their effect. Throws `HandledError` if one was handled already. */
export async function markHandled(
  queries: TenantQueries,
  messages: readonly ReceivedMessage[],
  state: InboundState,
  runId?: string,
): Promise<void> {
  const ids = messages.map(({ id }) => id);
  const marked = await queries
    .updateTable("channel_inbound")
    .set({ state, run_id: runId ?? null })
    .where("id", "in", ids)
    .where("state", "=", "received" satisfies InboundState)
    .executeTakeFirst();
  if (Number(marked.numUpdatedRows) !== ids.length) throw new HandledError("a message was handled already");
}

/** Marks the messages of a run that has ended. */
export async function markAnswered(queries: TenantQueries, runId: string): Promise<void> {
  await queries
    .updateTable("channel_inbound")
    .set({ state: "answered" satisfies InboundState })
    .where("run_id", "=", runId)
    .where("state", "=", "accepted" satisfies InboundState)
    .execute();
}
