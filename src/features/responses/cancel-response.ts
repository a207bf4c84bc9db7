import { SECOND } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import type { StreamReply } from "#core/reply.ts";
import { readResponse } from "#features/responses/read-response.ts";
import { getResponse } from "#features/responses/repository.ts";
import type { ResponsePath } from "#features/responses/schema/request.ts";
import type { AnyResponse } from "#features/responses/schema/response.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { isTerminal, START } from "#runtime/runs/index.ts";

/** How long the caller waits for the end of the run that it cancels. The run may work on another node. */
const PATIENCE = 10 * SECOND;

/** Stops the run of a response and returns the response. One that has ended stays as it is. */
export async function cancelResponse(ctx: Context, { id }: ResponsePath): Promise<AnyResponse | StreamReply> {
  const { run } = await getResponse(ctx, id);
  const isRequested = await ctx.use(runEngine).cancel(ctx.db, run.id, `cancelled by ${ctx.userId}`);
  if (isRequested) await waitForEnd(ctx, run.id);
  return readResponse(ctx, { id });
}

async function waitForEnd(ctx: Context, runId: string): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE);
  const events = ctx.use(runEngine).follow(ctx.db, runId, START, AbortSignal.any([ctx.signal, patience]));
  try {
    for await (const { event } of events) if (isTerminal(event)) return;
  } catch (thrown) {
    if (!patience.aborted) throw thrown;
  }
}
