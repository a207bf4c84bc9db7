import type { Context } from "#core/context.ts";
import { getRunRow } from "#features/runs/repository.ts";
import type { ListRunMessagesInput } from "#features/runs/schema.ts";
import { listTranscript, type MessageList } from "#features/sessions/index.ts";
import type { RunRow } from "#runtime/runs/index.ts";

/** Lists the conversation as a run found it, and what the run added. Empty once the texts of the run were deleted. */
export async function listRunMessages(ctx: Context, { id, ...page }: ListRunMessagesInput): Promise<MessageList> {
  const row = await getRunRow(ctx, id);
  return listTranscript(ctx, { headId: await findLast(ctx, row), channel: row.channel }, page);
}

/** A run that wrote nothing yet ends with its input. */
async function findLast(ctx: Context, { id, session_id, input_message_id }: RunRow): Promise<string | null> {
  const written = await ctx.db.read
    .selectFrom("messages")
    .select("id")
    .where("session_id", "=", session_id)
    .where("run_id", "=", id)
    .orderBy("depth", "desc")
    .limit(1)
    .executeTakeFirst();
  return written?.id ?? input_message_id;
}
