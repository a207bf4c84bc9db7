import { toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { toJson } from "#db/values.ts";
import { describeSession, lockSessionRow } from "#features/sessions/repository.ts";
import type { Session, UpdateSessionInput } from "#features/sessions/schema.ts";

export async function updateSession(ctx: Context, { key, label, metadata }: UpdateSessionInput): Promise<Session> {
  return mutate(ctx, async (queries) => {
    const session = await lockSessionRow(ctx, queries, key);
    const changed = {
      label: label ?? session.label,
      metadata: metadata === undefined ? session.metadata : toJson(metadata),
      updated_at: toTimestamp(ctx.clock.now()),
    };
    await queries.updateTable("sessions").set(changed).where("id", "=", session.id).execute();
    const value = await describeSession(queries, { ...session, ...changed });
    return { entityId: session.id, value, details: { key } };
  });
}
