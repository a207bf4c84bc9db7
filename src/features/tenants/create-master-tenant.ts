import type { Kysely } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Tables } from "#db/tables.ts";

/** Creates the master tenant if it is missing. Runs when the gateway starts, before it accepts requests. */
export async function createMasterTenant(queries: Kysely<Tables>, now: Date): Promise<void> {
  const at = toTimestamp(now);
  const master = { id: MASTER_TENANT_ID, name: "Master", slug: "master", status: "active", settings: "{}" } as const;
  await queries
    .insertInto("tenants")
    .values({ ...master, created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}
