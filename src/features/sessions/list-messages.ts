import type { Context } from "#core/context.ts";
import { getSessionRow } from "#features/sessions/repository.ts";
import type { ListMessagesInput, MessageList } from "#features/sessions/schema.ts";
import { isSilentReply } from "#runtime/prompt/index.ts";
import { type Message, readTranscript, textOf, toolCallsOf } from "#runtime/transcript/index.ts";

/**
 * Lists the transcript, oldest message first, including the messages that a summary replaces for the model. Leaves out
 * silent replies of the agent and the gateway's own messages to the model. Both stay stored for the model.
 */
export async function listMessages(ctx: Context, { key, limit, offset }: ListMessagesInput): Promise<MessageList> {
  const { head_id, channel } = await getSessionRow(ctx, key);
  const transcript = (await readTranscript(ctx.db.read, head_id)).filter((message) => isShown(message, channel));
  return { messages: transcript.slice(offset, offset + limit), total: transcript.length, limit, offset };
}

function isShown({ role, run_id, parts }: Message, channel: string): boolean {
  if (role === "system") return run_id === null;
  // The "http" channel belongs to OpenAI clients. They receive silent replies as text, so the list shows them.
  if (role !== "assistant" || channel === "http") return true;
  return toolCallsOf(parts).length > 0 || !isSilentReply(textOf(parts));
}
