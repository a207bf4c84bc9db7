import type { Kysely } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Tables } from "#db/tables.ts";

/** Makes the tenant that every gateway has, unless it is there. For the start of a gateway, before anybody calls. */
export async function createMasterTenant(queries: Kysely<Tables>, now: Date): Promise<void> {
  const at = toTimestamp(now);
  const master = { id: MASTER_TENANT_ID, name: "Master", slug: "master", status: "active", settings: "{}" } as const;
  await queries
    .insertInto("tenants")
    .values({ ...master, created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}
