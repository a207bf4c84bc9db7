import type { FoundProvider } from "#app/find-provider.ts";
import type { Clock } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { secretBox } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import { systemDatabase } from "#core/system-database.ts";
import { createDefaultAgent } from "#features/agents/index.ts";
import { createFirstProvider } from "#features/providers/index.ts";
import { createMasterTenant } from "#features/tenants/index.ts";

/** Returns whether the database has its initial rows. Checks for the master tenant, the first of them. */
export async function isPrepared(services: Services): Promise<boolean> {
  const row = await services
    .use(systemDatabase)
    .read.selectFrom("tenants")
    .select("id")
    .where("id", "=", MASTER_TENANT_ID)
    .executeTakeFirst();
  return row !== undefined;
}

/** Creates the initial rows in one transaction: the master tenant, its first provider and the default agent. */
export async function prepareDatabase(services: Services, found: FoundProvider, clock: Clock): Promise<void> {
  const system = services.use(systemDatabase);
  const now = clock.now();
  await system.write(async (queries) => {
    await createMasterTenant(queries, now);
    const scoped = system.scope(queries, MASTER_TENANT_ID);
    const { model, ...provider } = found;
    await createFirstProvider(scoped, { ...provider, secretBox: services.use(secretBox), now });
    await createDefaultAgent(scoped, { provider: provider.name, model, now });
  });
}
