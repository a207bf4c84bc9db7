import { toTimestamp } from "#base/clock.ts";
import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { getSessionRow, lockSessionRow, requireIdle, sessionBusy } from "#features/sessions/repository.ts";
import type { SessionCompacted, SessionPath } from "#features/sessions/schema.ts";
import { summariseSession } from "#features/sessions/summarise-session.ts";
import { findCut } from "#runtime/context/find-cut.ts";
import { textBytesOf } from "#runtime/session-store.ts";
import { fromSummary, readTranscript } from "#runtime/transcript.ts";

const KEPT_MESSAGES = 4;

/** Lets a summary by the agent's own model stand in for all but the newest messages. None of them is deleted. */
export async function compactSession(ctx: Context, { key }: SessionPath): Promise<SessionCompacted> {
  const before = await getSessionRow(ctx, key);
  requireIdle(before);
  const transcript = await readTranscript(ctx.db.read, before.head_id);
  const readable = fromSummary(transcript, before);
  const cut = findCut(readable, { keep: KEPT_MESSAGES, room: Number.POSITIVE_INFINITY });
  const last = readable[cut - 1];
  // The message that stands in for what an earlier summary covers has the id of the last of them.
  if (!last || last.id === before.summary_until_id) {
    throw failedPrecondition("error.nothing_to_compact", { key }, "nothing_to_compact");
  }
  const summary = await summariseSession(ctx, before, readable.slice(0, cut));
  const pointer = { summary, summary_until_id: last.id };
  const textBytes = textBytesOf(fromSummary(transcript, pointer));

  return mutate(ctx, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    requireIdle(session);
    // Somebody went on, began anew or compacted while the model was writing.
    if (session.head_id !== before.head_id || session.summary_until_id !== before.summary_until_id) {
      throw sessionBusy(key);
    }
    await queries
      .updateTable("sessions")
      .set({
        ...pointer,
        compaction_count: session.compaction_count + 1,
        text_bytes: textBytes,
        updated_at: toTimestamp(ctx.clock.now()),
      })
      .where("id", "=", session.id)
      .execute();
    return { entityId: session.id, value: { status: "compacted" as const }, details: { key, messages: cut } };
  });
}
