import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { responseDeleted } from "#features/responses/events.ts";
import { getResponse } from "#features/responses/repository.ts";
import type { ResponsePath } from "#features/responses/schema/request.ts";
import type { DeletedResponse } from "#features/responses/schema/response.ts";
import { deleteRunTexts } from "#runtime/runs/index.ts";
import { deleteTranscript } from "#runtime/transcript/index.ts";

/**
 * Deletes a response. A session of its own goes with it, except for what later responses continue. A conversation that
 * the caller named keeps its texts. Throws FAILED_PRECONDITION while the response is in progress.
 */
export async function deleteResponse(ctx: Context, { id }: ResponsePath): Promise<DeletedResponse> {
  const { run } = await getResponse(ctx, id);
  if (run.ended_at === null)
    throw failedPrecondition("error.response_in_progress", { id }, "response_in_progress", { retryable: true });
  return mutate(ctx, responseDeleted, async (queries) => {
    const session = await queries
      .selectForUpdate("sessions")
      .select(["is_named", "active_run_id"])
      .where("id", "=", run.session_id)
      .executeTakeFirst();
    // Whoever came back to the session by its key may still need its texts.
    if (session?.is_named === 0 && session.active_run_id === null) {
      await deleteTranscript(queries, run.session_id);
      await deleteRunTexts(queries, run.session_id);
    }
    await queries.deleteFrom("responses").where("id", "=", run.id).execute();
    const value = { id, object: "response", deleted: true } as const;
    return { entityId: run.id, userId: run.user_id, value, details: { session_key: run.session_key } };
  });
}
