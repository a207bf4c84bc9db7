import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { toJson } from "#db/values.ts";
import { describeSession, lockSessionRow } from "#features/sessions/repository.ts";
import type { Session, UpdateSessionInput } from "#features/sessions/schema.ts";
import { sessionUpdated, updateSessionFacts } from "#runtime/transcript/index.ts";

export async function updateSession(ctx: Context, { key, label, metadata }: UpdateSessionInput): Promise<Session> {
  return mutate(ctx, sessionUpdated, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    const facts = {
      label: label ?? session.label,
      metadata: metadata === undefined ? session.metadata : toJson(metadata),
    };
    const now = toTimestamp(ctx.clock.now());
    await updateSessionFacts(queries, session, facts, now);
    const value = await describeSession(queries, { ...session, ...facts, updated_at: now });
    const eventOnly = { label: facts.label };
    return { entityId: session.id, userId: session.user_id, value, details: { key }, eventOnly };
  });
}
