import { toTimestamp } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutateSystem } from "#core/mutate.ts";
import { apiKeyRevoked } from "#features/api-keys/events.ts";
import { findApiKey } from "#features/api-keys/repository.ts";

/** Revokes a key permanently. Idempotent. Throws `NOT_FOUND` if the caller sees no such key. */
export async function revokeApiKey(ctx: Context, input: { readonly id: string }): Promise<void> {
  const key = await findApiKey(ctx, input.id);
  if (!key) throw notFound("api_key", input.id);

  const now = toTimestamp(ctx.clock.now());
  await mutateSystem(ctx, apiKeyRevoked, async (queries) => {
    const revoked = await queries
      .updateTable("api_keys")
      .set({ revoked_at: now, updated_at: now })
      .where("id", "=", key.id)
      .where("revoked_at", "is", null)
      .returning("id")
      .executeTakeFirst();
    if (!revoked) return { unchanged: undefined };
    const details = { name: key.name, prefix: key.prefix };
    return { entityId: key.id, tenantId: key.tenant_id ?? ctx.tenantId, value: undefined, details };
  });
}
