import { toTimestamp } from "#base/clock.ts";
import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { sessionCompacted } from "#features/sessions/events.ts";
import { getSessionRow, lockSessionRow, requireIdle, sessionBusy } from "#features/sessions/repository.ts";
import type { SessionCompacted, SessionPath } from "#features/sessions/schema.ts";
import { summariseSession } from "#features/sessions/summarise-session.ts";
import { findCut } from "#runtime/prompt/index.ts";
import { applySummary, readTranscript, storeSummary, textBytesOf } from "#runtime/transcript/index.ts";

const KEPT_MESSAGES = 4;

/**
 * Replaces all but the newest messages by a summary when the model reads the session. The agent's own model writes the
 * summary. The transcript keeps all messages. Throws `FAILED_PRECONDITION` if there is nothing to compact or the
 * session is busy.
 */
export async function compactSession(ctx: Context, { key }: SessionPath): Promise<SessionCompacted> {
  const before = await getSessionRow(ctx, key);
  requireIdle(before);
  const transcript = await readTranscript(ctx.db.read, before.head_id);
  const readable = applySummary(transcript, before);
  const cut = findCut(readable, { keep: KEPT_MESSAGES, room: Number.POSITIVE_INFINITY });
  const last = readable[cut - 1];
  // The message with an earlier summary has the id of the last message that this summary covers.
  if (!last || last.id === before.summary_until_id) {
    throw failedPrecondition("error.nothing_to_compact", { key }, "nothing_to_compact");
  }
  const summary = await summariseSession(ctx, before, readable.slice(0, cut));
  const pointer = { summary, summary_until_id: last.id };
  const text_bytes = textBytesOf(applySummary(transcript, pointer));

  return mutate(ctx, sessionCompacted, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    requireIdle(session);
    // The session may have continued, been reset or been compacted while the model was writing.
    if (session.head_id !== before.head_id || session.summary_until_id !== before.summary_until_id) {
      throw sessionBusy(key);
    }
    await storeSummary(queries, session, { ...pointer, text_bytes }, toTimestamp(ctx.clock.now()));
    const details = { key, messages: cut };
    return { entityId: session.id, userId: session.user_id, value: { status: "compacted" as const }, details };
  });
}
