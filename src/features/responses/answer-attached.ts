import type { Context } from "#core/context.ts";
import { Reply, StreamReply } from "#core/reply.ts";
import { failureOf, peekStart } from "#features/openai-runs/index.ts";
import { createWriter, type KnownResponse } from "#features/responses/create-writer.ts";
import { toKnownWords } from "#features/responses/output/to-plain-response.ts";
import { headOf } from "#features/responses/repository.ts";
import type { AnyResponse } from "#features/responses/schema/response.ts";
import { encodeStream, readToEnd } from "#features/responses/stream/encode-stream.ts";
import { createFrameEncoder } from "#features/responses/stream/to-frames.ts";
import { chooseVocabulary } from "#features/responses/vocabulary.ts";
import { modelHeader } from "#features/runs/index.ts";
import type { AnsweredBy, FollowedEvent } from "#runtime/runs/index.ts";

/** A response whose caller waits for it. */
export interface StartedResponse {
  readonly kind: "attached";
  readonly response: KnownResponse;
  readonly events: AsyncGenerator<FollowedEvent>;
  /** Undefined if no session stays. */
  readonly sessionKey: string | undefined;
  readonly isStream: boolean;
}

const NOTHING_READ = -1;

/** Returns a response, whole or as a stream. Throws the error of a run that fails before its first word. */
export async function answerAttached(
  ctx: Context,
  { response, events, sessionKey, isStream }: StartedResponse,
): Promise<Reply<AnyResponse> | StreamReply> {
  const { runId, record } = response;
  const headers = {
    ...(sessionKey !== undefined && { "X-GoClaw-Session-Key": sessionKey }),
    "X-GoClaw-Run-Id": runId,
  };
  const vocabulary = chooseVocabulary(ctx, record.hasMessages);
  const writer = createWriter(ctx, response, { numbering: "counted", after: NOTHING_READ });
  if (!isStream) {
    const { succeeding, answeredBy } = untilFailure(ctx, events);
    const whole = await readToEnd(succeeding, writer);
    return new Reply(toKnownWords(whole, vocabulary), { ...headers, ...withModel(answeredBy()) });
  }
  const { steps, first } = await peekStart(withoutBeginning(events), ({ event }) => failureOf(event, ctx));
  const toFrame = createFrameEncoder(vocabulary, headOf(runId, record));
  const frames = encodeStream(steps, writer, { after: NOTHING_READ, toFrame });
  return new StreamReply(frames, { ...headers, ...withModel(first && answererOf(first)) });
}

const withModel = (by: AnsweredBy | undefined) => (by ? modelHeader(by) : {});

const answererOf = ({ event }: FollowedEvent): AnsweredBy | undefined =>
  event.type === "text.delta" || event.type === "message.completed" ? event.answeredBy : undefined;

/** Passes on events until a failure, which it throws. Also tells which model answered last. */
function untilFailure(ctx: Context, events: AsyncIterable<FollowedEvent>) {
  let by: AnsweredBy | undefined;
  async function* succeed(): AsyncGenerator<FollowedEvent> {
    for await (const followed of events) {
      const error = failureOf(followed.event, ctx);
      if (error) throw error;
      by = answererOf(followed) ?? by;
      yield followed;
    }
  }
  return { succeeding: succeed(), answeredBy: () => by };
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
