import { alreadyExists } from "#base/errors.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** Throws `ALREADY_EXISTS` if the tenant has another provider that uses the login of the Claude command line. */
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
