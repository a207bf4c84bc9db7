import type { Context } from "#core/context.ts";
import { isFinal } from "#core/idempotency/idempotently.ts";
import { type AttachedRun, type AttachOptions, runEngine } from "#runtime/engine/index.ts";
import type { FollowedEvent, RunError, RunRequest } from "#runtime/runs/index.ts";

/**
 * Starts a run for a caller that waits for it, or joins the run of the caller's idempotency key. A run that fails with
 * a retryable error releases the key. A run that crashed its process three times keeps the key.
 */
export async function attachRun(
  ctx: Context,
  request: RunRequest,
  options: Pick<AttachOptions, "wantsText">,
): Promise<AttachedRun> {
  const { accepted, events } = await ctx
    .use(runEngine)
    .acceptAttached(ctx, request, { ...options, signal: ctx.signal });
  ctx.options.onInputStored?.();
  return { accepted, events: releaseKeyOnFailure(ctx, accepted.runId, events) };
}

/** Passes on the events of a run. A run that fails with a retryable error releases the caller's idempotency key. */
export function releaseKeyOnFailure(ctx: Context, runId: string, events: AttachedRun["events"]): AttachedRun["events"] {
  return ctx.idempotency ? releaseKey(ctx, runId, events) : events;
}

async function* releaseKey(ctx: Context, runId: string, events: AttachedRun["events"]): AsyncGenerator<FollowedEvent> {
  for await (const followed of events) {
    const { event } = followed;
    if (event.type === "run.failed" && isRetryable(event.error)) await ctx.idempotency?.forgetRun(ctx.db, runId);
    yield followed;
  }
}

const isRetryable = ({ code, reason }: RunError) => !isFinal(code) && reason !== "crashed";
