import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { sessionReset } from "#features/sessions/events.ts";
import { lockSessionRow, requireIdle } from "#features/sessions/repository.ts";
import type { SessionPath, SessionReset } from "#features/sessions/schema.ts";
import { resetTranscript } from "#runtime/transcript/index.ts";

/** Empties the transcript of a session. Its token counts stay. */
export async function resetSession(ctx: Context, { key }: SessionPath): Promise<SessionReset> {
  return mutate(ctx, sessionReset, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    requireIdle(session);
    await resetTranscript(queries, session.id, toTimestamp(ctx.clock.now()));
    const value = { status: "reset" as const };
    return { entityId: session.id, userId: session.user_id, value, details: { key } };
  });
}
