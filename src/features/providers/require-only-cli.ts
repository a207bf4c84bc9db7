import { alreadyExists } from "#base/errors.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** A tenant has at most one provider that runs on the command line's own login. */
export async function requireOnlyCli(queries: TenantReads, type: ProviderType, id: string): Promise<void> {
  if (type !== "claude_cli") return;
  const other = await queries
    .selectFrom("llm_providers")
    .select("name")
    .where("provider_type", "=", type)
    .where("id", "!=", id)
    .executeTakeFirst();
  if (other) throw alreadyExists(type, other.name);
}
