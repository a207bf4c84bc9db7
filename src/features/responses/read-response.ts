import { invalidField } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { StreamReply } from "#core/reply.ts";
import { fromJson } from "#db/values.ts";
import { withSignedLinks } from "#features/media/index.ts";
import { createWriter, reasoningView } from "#features/responses/create-writer.ts";
import { hasText, toOutputItems } from "#features/responses/output/to-output-items.ts";
import { toKnownWords } from "#features/responses/output/to-plain-response.ts";
import { statusOf, toResponse, toResponseFailure } from "#features/responses/output/to-response.ts";
import { getResponse, headOf, type StoredResponse } from "#features/responses/repository.ts";
import type { GetResponseInput } from "#features/responses/schema/request.ts";
import type { AnyResponse, OutputItem, ResponseObject, ResponseStatus } from "#features/responses/schema/response.ts";
import { encodeStream } from "#features/responses/stream/encode-stream.ts";
import { createFrameEncoder } from "#features/responses/stream/to-frames.ts";
import { withStoredEnd } from "#features/responses/stream/with-stored-end.ts";
import { chooseVocabulary } from "#features/responses/vocabulary.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { type RunError, type RunFinish, type RunStatus, START, toAppError, type Usage } from "#runtime/runs/index.ts";
import { readMessagesOfRuns } from "#runtime/transcript/index.ts";

/** Returns a stored response as it is now, or follows a background response from any place in its stream. */
export async function readResponse(
  ctx: Context,
  { id, stream, starting_after: after = -1 }: GetResponseInput,
): Promise<AnyResponse | StreamReply> {
  const stored = await getResponse(ctx, id);
  const { run, record } = stored;
  const vocabulary = chooseVocabulary(ctx, record.hasMessages);
  if (!stream) return toKnownWords(await toStoredResponse(ctx, stored), vocabulary);
  if (!record.echo.background) throw invalidField("stream", "background");
  const known = { runId: run.id, userId: run.user_id, record };
  const writer = createWriter(ctx, known, { numbering: "placed", after });
  const events = withStoredEnd(ctx, run.id, ctx.use(runEngine).follow(ctx.db, run.id, START, ctx.signal));
  const toFrame = createFrameEncoder(vocabulary, headOf(run.id, record));
  return new StreamReply(encodeStream(events, writer, { after, toFrame }));
}

async function toStoredResponse(ctx: Context, { run, record }: StoredResponse): Promise<ResponseObject> {
  const written = await readMessagesOfRuns(ctx.db.read, [run.id]);
  const answers = await withSignedLinks(
    ctx,
    written.filter(({ role }) => role === "assistant"),
  );
  const view = reasoningView(ctx, { runId: run.id, userId: run.user_id, record });
  const output: OutputItem[] = [];
  for (const message of answers) output.push(...toOutputItems(message, view, hasText(output)));
  const finish = run.finish === null ? undefined : (run.finish as RunFinish);
  return toResponse(headOf(run.id, record), {
    status: statusOfRun(run.status as RunStatus, finish),
    output,
    finish,
    ...(run.ended_at !== null && { usage: fromJson<Usage>(run.usage), endedAt: new Date(run.ended_at) }),
    ...(run.error !== null && { failure: toResponseFailure(ctx, toAppError(fromJson<RunError>(run.error), ctx)) }),
  });
}

function statusOfRun(status: RunStatus, finish: RunFinish | undefined): ResponseStatus {
  switch (status) {
    case "completed":
      return statusOf(finish);
    case "running":
    case "waiting":
      return "in_progress";
    default:
      return status;
  }
}
