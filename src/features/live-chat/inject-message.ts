import { toTimestamp } from "#base/clock.ts";
import { failedPrecondition, notFound } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { messageInjected } from "#features/live-chat/events.ts";
import type { InjectInput } from "#features/live-chat/schema.ts";
import { joinTranscript, lockSession } from "#runtime/transcript/index.ts";

/**
 * Adds words of the agent to a session, as if it had said them. Throws `FAILED_PRECONDITION` while a run is active,
 * because the run appends to the messages that it has read.
 */
export async function injectMessage(ctx: Context, { session_key: key, message, label }: InjectInput) {
  return mutate(ctx, messageInjected, async (queries) => {
    const session = await lockSession(queries, key);
    if (!session || !(hasRole(ctx, "admin") || session.user_id === ctx.userId)) throw notFound("session", key);
    if (session.active_run_id !== null) {
      throw failedPrecondition("error.session_busy", { key }, "session_busy", { retryable: true });
    }
    const text = label ? `[${label}]\n\n${message}` : message;
    const said = { role: "assistant" as const, parts: [{ type: "text" as const, text }] };
    const [stored] = await joinTranscript(queries, session, [said], toTimestamp(ctx.clock.now()));
    const value = { ok: true as const, messageId: stored?.id ?? "" };
    return { entityId: session.id, userId: session.user_id, value, details: { key } };
  });
}
