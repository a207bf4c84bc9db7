import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { DELETED } from "#core/wire.ts";
import { sessionDeleted } from "#features/sessions/events.ts";
import { lockSessionRow, requireIdle } from "#features/sessions/repository.ts";
import type { SessionPath } from "#features/sessions/schema.ts";
import { deleteRunTexts } from "#runtime/runs/index.ts";
import { deleteTranscript } from "#runtime/transcript/index.ts";

/** Deletes a session with its messages and the texts of its runs. Messages that its branches share stay. */
export async function deleteSession(ctx: Context, { key }: SessionPath): Promise<typeof DELETED> {
  return mutate(ctx, sessionDeleted, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    requireIdle(session);
    await deleteTranscript(queries, session.id);
    await deleteRunTexts(queries, session.id);
    return { entityId: session.id, userId: session.user_id, value: DELETED, details: { key } };
  });
}
