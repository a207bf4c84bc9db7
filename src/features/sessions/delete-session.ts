import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { deleteTranscript } from "#features/sessions/delete-transcript.ts";
import { forgetRunTexts } from "#features/sessions/forget-run-texts.ts";
import { lockSessionRow, requireIdle } from "#features/sessions/repository.ts";
import type { SessionDeleted, SessionPath } from "#features/sessions/schema.ts";

/** Removes a session and everything that was said in it, except what its branches go on from. */
export async function deleteSession(ctx: Context, { key }: SessionPath): Promise<SessionDeleted> {
  return mutate(ctx, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    requireIdle(session);
    await queries.deleteFrom("sessions").where("id", "=", session.id).execute();
    await deleteTranscript(queries, session.id);
    await forgetRunTexts(queries, session.id);
    return { entityId: session.id, value: { status: "deleted" as const }, details: { key } };
  });
}
