import { toTimestamp } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { findApiKey } from "#features/api-keys/repository.ts";

/** Closes a key for good. Revoking it again changes nothing. */
export async function revokeApiKey(ctx: Context, input: { readonly id: string }): Promise<void> {
  const key = await findApiKey(ctx, input.id);
  if (!key) throw notFound("api_key", input.id);
  if (key.revoked_at !== null) return;

  const now = toTimestamp(ctx.clock.now());
  await mutateSystem(ctx, async (queries) => {
    await queries.updateTable("api_keys").set({ revoked_at: now, updated_at: now }).where("id", "=", key.id).execute();
    const details = { name: key.name, prefix: key.prefix };
    return { entityId: key.id, tenantId: key.tenant_id ?? ctx.tenantId, value: undefined, details };
  });
}
