import type { Context } from "#core/context.ts";
import { getSessionRow } from "#features/sessions/repository.ts";
import type { ListMessagesInput, MessageList } from "#features/sessions/schema.ts";
import { readTranscript } from "#runtime/transcript.ts";

/** The whole transcript, oldest first, with what a summary stands in for when the model reads. */
export async function listMessages(ctx: Context, { key, limit, offset }: ListMessagesInput): Promise<MessageList> {
  const { head_id } = await getSessionRow(ctx, key);
  const transcript = await readTranscript(ctx.db.read, head_id);
  return { messages: transcript.slice(offset, offset + limit), total: transcript.length, limit, offset };
}
