import type { Context } from "#core/context.ts";
import { isFinal } from "#core/idempotency.ts";
import type { RunRequest } from "#runtime/accept-run.ts";
import { type AttachedRun, runEngine } from "#runtime/run-engine.ts";
import type { RunError } from "#runtime/run-error.ts";
import type { FollowedEvent } from "#runtime/run-events.ts";

/**
 * Starts a run for a caller that waits for it, or joins the one that the caller's `Idempotency-Key` names. A failure
 * that another try may mend frees the key again; a run that has killed its process three times is none of those.
 */
export async function attachRun(
  ctx: Context,
  request: RunRequest,
  options: { readonly hearsText: boolean },
): Promise<AttachedRun> {
  const { accepted, events } = await ctx.use(runEngine).acceptAttached(ctx, request, options);
  return { accepted, events: ctx.idempotency ? freeKeyOnFailure(ctx, accepted.runId, events) : events };
}

async function* freeKeyOnFailure(
  ctx: Context,
  runId: string,
  events: AttachedRun["events"],
): AsyncGenerator<FollowedEvent> {
  for await (const followed of events) {
    const { event } = followed;
    if (event.type === "run.failed" && mayBeTriedAgain(event.error)) await ctx.idempotency?.forgetRun(ctx.db, runId);
    yield followed;
  }
}

const mayBeTriedAgain = ({ code, reason }: RunError) => !isFinal(code) && reason !== "crashed";
