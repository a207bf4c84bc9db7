import type { Context } from "#core/context.ts";
import { Reply, StreamReply } from "#core/reply.ts";
import { failureOf, forgetAtEnd, peekStart } from "#features/openai-runs/index.ts";
import { createWriter } from "#features/responses/create-writer.ts";
import { toKnownWords } from "#features/responses/output/to-plain-response.ts";
import { headOf, type RequestRecord } from "#features/responses/repository.ts";
import type { AnyResponse } from "#features/responses/schema/response.ts";
import { encodeStream, readToEnd } from "#features/responses/stream/encode-stream.ts";
import { createFrameEncoder } from "#features/responses/stream/to-frames.ts";
import type { Vocabulary } from "#features/responses/vocabulary.ts";
import { attachRun, modelHeader } from "#features/runs/index.ts";
import type { AnsweredBy, FollowedEvent, RunRequest } from "#runtime/runs/index.ts";

/** How the answer to a request looks. */
export interface AnswerForm {
  readonly record: RequestRecord;
  readonly vocabulary: Vocabulary;
  readonly isStream: boolean;
}

const NOTHING_READ = -1;

/** Starts a run whose caller waits for its answer. */
export async function answerAttached(
  ctx: Context,
  request: RunRequest,
  { record, vocabulary, isStream }: AnswerForm,
): Promise<Reply<AnyResponse> | StreamReply> {
  const { accepted, events } = await attachRun(ctx, request, { wantsText: isStream });
  const { runId } = accepted;
  const forgetsText = request.options.forgetsText === true;
  const kept = forgetsText ? forgetAtEnd(ctx, runId, events) : events;
  const sessionKey = forgetsText ? ctx.options.sessionKey : accepted.sessionKey;
  const headers = {
    ...(sessionKey !== undefined && { "X-GoClaw-Session-Key": sessionKey }),
    "X-GoClaw-Run-Id": runId,
  };
  const known = { runId, userId: request.session.userId, record };
  const writer = createWriter(ctx, known, { numbering: "counted", after: NOTHING_READ });
  if (!isStream) {
    const read = refusing(ctx, kept);
    const last = await readToEnd(read.events, writer);
    if (!("response" in last)) throw new Error(`a response ended with ${last.type}`);
    return new Reply(toKnownWords(last.response, vocabulary), { ...headers, ...withModel(read.answeredBy()) });
  }
  const { steps, first } = await peekStart(withoutBeginning(kept), ({ event }) => failureOf(event, ctx));
  const toFrame = createFrameEncoder(vocabulary, headOf(runId, record));
  const frames = encodeStream(steps, writer, { after: NOTHING_READ, toFrame });
  return new StreamReply(frames, { ...headers, ...withModel(answeredBy(first)) });
}

const withModel = (by: AnsweredBy | undefined) => (by ? modelHeader(by) : {});

const answeredBy = (followed: FollowedEvent | undefined): AnsweredBy | undefined => {
  const event = followed?.event;
  return event?.type === "text.delta" || event?.type === "message.completed" ? event.answeredBy : undefined;
};

/** Passes on events until a failure, which it throws. Remembers who answered. */
function refusing(ctx: Context, events: AsyncIterable<FollowedEvent>) {
  let by: AnsweredBy | undefined;
  async function* read(): AsyncGenerator<FollowedEvent> {
    for await (const followed of events) {
      const error = failureOf(followed.event, ctx);
      if (error) throw error;
      by = answeredBy(followed) ?? by;
      yield followed;
    }
  }
  return { events: read(), answeredBy: () => by };
}

/** Leaves out the events before the first sign of an answer. */
async function* withoutBeginning(events: AsyncIterable<FollowedEvent>): AsyncGenerator<FollowedEvent> {
  let hasBegun = false;
  for await (const followed of events) {
    const { type } = followed.event;
    hasBegun ||= type !== "run.queued" && type !== "run.started" && type !== "message.started";
    if (hasBegun) yield followed;
  }
}
