import type { Context } from "#core/context.ts";
import { getSessionRow } from "#features/sessions/repository.ts";
import type { ListMessagesInput, MessageList } from "#features/sessions/schema.ts";
import { isSilentReply } from "#runtime/prompt/index.ts";
import { type Message, readTranscript, textOf, toolCallsOf } from "#runtime/transcript/index.ts";

/**
 * The transcript, oldest first, with what a summary stands in for when the model reads. An answer by which the agent
 * chose to say nothing, and our own words to the model, are kept for the model and not shown.
 */
export async function listMessages(ctx: Context, { key, limit, offset }: ListMessagesInput): Promise<MessageList> {
  const { head_id, channel } = await getSessionRow(ctx, key);
  const transcript = (await readTranscript(ctx.db.read, head_id)).filter((message) => isShown(message, channel));
  return { messages: transcript.slice(offset, offset + limit), total: transcript.length, limit, offset };
}

function isShown({ role, run_id, parts }: Message, channel: string): boolean {
  if (role === "system") return run_id === null;
  // Chats of OpenAI clients are shown as they were sent.
  if (role !== "assistant" || channel === "http") return true;
  return toolCallsOf(parts).length > 0 || !isSilentReply(textOf(parts));
}
