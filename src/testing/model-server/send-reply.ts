import { setImmediate } from "node:timers/promises";
import type { AnswerStream } from "#testing/model-server/answer-stream.ts";
import type { ModelReply } from "#testing/model-server/model-reply.ts";
import type { WireUsage } from "#testing/model-server/wire-encoder.ts";

/** Sends a scripted reply. */
export async function sendReply(answer: AnswerStream, reply: ModelReply): Promise<void> {
  if (reply.delayMs !== undefined) await Bun.sleep(reply.delayMs);
  if (reply.fault === "reset_before_head") return answer.cut();
  const status = reply.status ?? 200;
  if (status !== 200 || reply.body !== undefined) {
    const message = typeof reply.text === "string" ? reply.text : "scripted failure";
    return answer.document(status, reply.body ?? answer.encoder.error(status, message), reply.headers);
  }
  if (reply.fault === "reset_after_head") return answer.head().then(() => answer.cut());
  if (reply.raw !== undefined) return sendRaw(answer, reply.raw, reply);

  answer.setInitialUsage(reply.rawUsages ? null : reply.usage);
  const pieces = piecesOf(answer, reply);
  for (let sent = 0; sent <= pieces.length; sent++) {
    if (sent === reply.cutAfterChunks) return answer.cut();
    if (sent === reply.stallAfterChunks || answer.isClosed) return;
    await pieces[sent]?.();
    if (reply.chunkDelayMs !== undefined) await Bun.sleep(reply.chunkDelayMs);
  }
  if (reply.hold !== undefined) await reply.hold;
  await finish(answer, reply);
}

async function sendRaw(answer: AnswerStream, pieces: NonNullable<ModelReply["raw"]>, reply: ModelReply): Promise<void> {
  for (const piece of pieces) {
    await answer.bytes(piece, reply.headers);
    if (reply.chunkDelayMs !== undefined) await Bun.sleep(reply.chunkDelayMs);
  }
  if (reply.fault === "without_close") await keepOpen(answer);
  else answer.close();
}

async function finish(answer: AnswerStream, { fault, finish: reason, usage, rawUsages }: ModelReply): Promise<void> {
  if (fault === "endless_text") return sendEndlessly(answer, () => answer.text("more "));
  if (fault === "endless_line") return sendEndlessly(answer, () => answer.bytes("x".repeat(16_384)));
  if (fault === "without_finish") return answer.close();
  if (fault === undefined && rawUsages === undefined) return answer.finish(reason, usage);

  const counts: readonly WireUsage[] = usage ? [{ counts: usage }] : [];
  await answer.stop(reason, rawUsages?.map((raw) => ({ raw })) ?? counts);
  if (fault === undefined) await answer.bytes(answer.encoder.end());
  if (fault === "without_close") await keepOpen(answer);
  else answer.close();
}

async function keepOpen(answer: AnswerStream): Promise<void> {
  while (!answer.isClosed) {
    await answer.bytes(": keep-alive\n\n");
    await Bun.sleep(100);
  }
}

async function sendEndlessly(answer: AnswerStream, send: () => Promise<void>): Promise<void> {
  while (!answer.isClosed) {
    await send();
    await setImmediate();
  }
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
