import type { Context } from "#core/context.ts";
import { type FollowedEvent, forgetRun, isTerminal } from "#runtime/runs/index.ts";

/** Passes on the events of a run. Deletes its texts before the caller learns of its end. */
export async function* forgetAtEnd(
  ctx: Context,
  runId: string,
  events: AsyncIterable<FollowedEvent>,
): AsyncGenerator<FollowedEvent> {
  for await (const followed of events) {
    if (isTerminal(followed.event)) {
      await forgetRun(ctx.db, runId);
      // A repeated call finds no answer any more, so it runs again.
      await ctx.idempotency?.forgetRun(ctx.db, runId);
    }
    yield followed;
  }
}
