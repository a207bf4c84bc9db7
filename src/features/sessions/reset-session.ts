import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { lockSessionRow, requireIdle } from "#features/sessions/repository.ts";
import type { SessionPath, SessionReset } from "#features/sessions/schema.ts";

/**
 * Lets a session begin anew. Its messages stay in the store, where branches of it may need them; the tokens it has used
 * stay counted.
 */
export async function resetSession(ctx: Context, { key }: SessionPath): Promise<SessionReset> {
  return mutate(ctx, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    requireIdle(session);
    await queries
      .updateTable("sessions")
      .set({
        head_id: null,
        summary: "",
        summary_until_id: null,
        compaction_count: 0,
        message_count: 0,
        text_bytes: 0,
        updated_at: toTimestamp(ctx.clock.now()),
      })
      .where("id", "=", session.id)
      .execute();
    return { entityId: session.id, value: { status: "reset" as const }, details: { key } };
  });
}
