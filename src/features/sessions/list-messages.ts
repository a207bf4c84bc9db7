import { LIMITS } from "#base/limits.ts";
import { nextTurn } from "#base/threads/next-turn.ts";
import type { Context } from "#core/context.ts";
import { cutPage } from "#core/cut-page.ts";
import { withSignedLinks } from "#features/media/index.ts";
import { getSessionRow } from "#features/sessions/repository.ts";
import type { ListMessagesInput, MessageList, MessagePage } from "#features/sessions/schema.ts";
import { isSilentReply, SILENT_REPLY } from "#runtime/prompt/index.ts";
import { type OutlinedMessage, readMessages, readOutline, textOf, toolCallsOf } from "#runtime/transcript/index.ts";

/** Lists the transcript of a session. */
export async function listMessages(ctx: Context, { key, ...page }: ListMessagesInput): Promise<MessageList> {
  const { head_id, channel } = await getSessionRow(ctx, key);
  return listTranscript(ctx, { headId: head_id, channel }, page);
}

/** The last message of a transcript, and the channel of its session. */
interface TranscriptEnd {
  readonly headId: string | null;
  readonly channel: string;
}

/**
 * Lists a transcript, oldest message first, including the messages that a summary replaces for the model. Leaves out
 * silent replies of the agent and the gateway's own messages to the model. Both stay stored for the model. A page ends
 * early after `LIMITS.pageBytes`, and its `limit` then says how many messages it has. The caller checked the access.
 */
export async function listTranscript(
  ctx: Context,
  { headId, channel }: TranscriptEnd,
  { limit, offset, from_end }: MessagePage,
): Promise<MessageList> {
  const shown = (await readOutline(ctx.db.read, headId, SILENT_REPLY)).filter((message) => isShown(message, channel));
  const wanted = from_end ? shown.toReversed().slice(offset, offset + limit) : shown.slice(offset, offset + limit);
  const page = cutPage(wanted, ({ bytes }) => bytes);
  const messages = await readMessages(
    ctx.db.read,
    page.map(({ id }) => id),
  );
  // A page of one large message takes long to be read, and again to be encoded.
  if (page.some(({ bytes }) => bytes > LIMITS.pageBytes)) await nextTurn();
  const isCut = page.length < wanted.length;
  return {
    messages: await withSignedLinks(ctx, messages),
    total: shown.length,
    limit: isCut ? page.length : limit,
    offset,
  };
}

function isShown({ role, run_id, parts }: OutlinedMessage, channel: string): boolean {
  if (role === "system") return run_id === null;
  // The "http" channel belongs to OpenAI clients. They receive silent replies as text, so the list shows them.
  if (role !== "assistant" || channel === "http" || parts === undefined) return true;
  return toolCallsOf(parts).length > 0 || !isSilentReply(textOf(parts));
}
