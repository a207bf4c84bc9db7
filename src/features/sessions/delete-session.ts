import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { sessionDeleted } from "#features/sessions/events.ts";
import { lockSessionRow, requireIdle } from "#features/sessions/repository.ts";
import type { SessionDeleted, SessionPath } from "#features/sessions/schema.ts";
import { forgetRunTexts } from "#runtime/runs/index.ts";
import { deleteTranscript } from "#runtime/transcript/index.ts";

/** Deletes a session with its messages and the texts of its runs. Messages that its branches share stay. */
export async function deleteSession(ctx: Context, { key }: SessionPath): Promise<SessionDeleted> {
  return mutate(ctx, sessionDeleted, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    requireIdle(session);
    await deleteTranscript(queries, session.id);
    await forgetRunTexts(queries, session.id);
    const value = { status: "deleted" as const };
    return { entityId: session.id, userId: session.user_id, value, details: { key } };
  });
}
