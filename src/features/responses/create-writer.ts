import type { Context } from "#core/context.ts";
import { LinkStream, withSignedLinks } from "#features/media/index.ts";
import { describeFailure, failureOf } from "#features/openai-runs/index.ts";
import { sealReasoning } from "#features/responses/output/sealed-reasoning.ts";
import type { ReasoningView } from "#features/responses/output/to-output-items.ts";
import { toResponseFailure } from "#features/responses/output/to-response.ts";
import { headOf, type RequestRecord } from "#features/responses/repository.ts";
import type { Numbering } from "#features/responses/stream/event-sequence.ts";
import { ResponseWriter } from "#features/responses/stream/response-writer.ts";
import type { Message } from "#runtime/transcript/index.ts";

/** A response whose run is known. */
export interface KnownResponse {
  readonly runId: string;
  /** The user of the run. */
  readonly userId: string;
  readonly record: RequestRecord;
}

/** Returns what the reader of a response sees of the model's reasoning. */
export const reasoningView = (ctx: Context, { userId, record }: KnownResponse): ReasoningView => ({
  showsSummary: record.showsSummary,
  seal: record.sealsReasoning ? ({ parts }) => sealReasoning(ctx, userId, parts) : undefined,
});

/** Creates a writer of the stream of a response. */
export const createWriter = (
  ctx: Context,
  response: KnownResponse,
  place: { readonly numbering: Numbering; readonly after: number },
): ResponseWriter =>
  new ResponseWriter({
    ...place,
    head: headOf(response.runId, response.record),
    reasoning: reasoningView(ctx, response),
    createFilter: () => new LinkStream(ctx),
    deliver: async (message: Message) => (await withSignedLinks(ctx, [message]))[0] ?? message,
    failureOf: (event) => {
      const error = failureOf(event, ctx);
      return error && toResponseFailure(ctx, error);
    },
    describe: (thrown) => describeFailure(ctx, thrown),
    endedAt: () => readEnd(ctx, response.runId),
  });

/** Reads when a run ended, so that a response tells the same time however it is read. */
async function readEnd({ db, clock }: Context, runId: string): Promise<Date> {
  const run = await db.read.selectFrom("runs").select("ended_at").where("id", "=", runId).executeTakeFirst();
  return run?.ended_at == null ? clock.now() : new Date(run.ended_at);
}
