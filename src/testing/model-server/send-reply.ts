import type { AnswerStream } from "#testing/model-server/answer-stream.ts";
import type { ModelReply } from "#testing/model-server/model-reply.ts";

/** Plays a scripted reply. */
export async function sendReply(answer: AnswerStream, reply: ModelReply): Promise<void> {
  if (reply.delayMs !== undefined) await Bun.sleep(reply.delayMs);
  const status = reply.status ?? 200;
  if (status !== 200 || reply.body !== undefined) {
    const message = typeof reply.text === "string" ? reply.text : "scripted failure";
    return answer.document(status, reply.body ?? answer.encoder.error(status, message), reply.headers);
  }

  const pieces = piecesOf(answer, reply);
  for (let sent = 0; sent <= pieces.length; sent++) {
    if (sent === reply.cutAfterChunks) return answer.cut();
    if (sent === reply.stallAfterChunks || answer.isClosed) return;
    await pieces[sent]?.();
    if (reply.chunkDelayMs !== undefined) await Bun.sleep(reply.chunkDelayMs);
  }
  if (reply.hold !== undefined) await reply.hold;
  await answer.finish(reply.finish, reply.usage);
}

function piecesOf(answer: AnswerStream, reply: ModelReply): readonly (() => Promise<void>)[] {
  return [
    ...listOf(reply.reasoning).map((delta) => () => answer.reasoning(delta)),
    ...listOf(reply.text).map((delta) => () => answer.text(delta)),
    ...(reply.toolCalls ?? []).map((call) => () => answer.toolCall(call)),
    ...(reply.rawLines ?? []).map((line) => () => answer.raw(line)),
  ];
}

function listOf(text: string | readonly string[] | undefined): readonly string[] {
  if (text === undefined) return [];
  return typeof text === "string" ? [text] : text;
}
