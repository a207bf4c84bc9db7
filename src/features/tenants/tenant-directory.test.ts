import { expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createLogger } from "#base/logger.ts";
import type { KnownTenant } from "#core/access/authenticate.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";
import type { SystemDatabase } from "#db/database.ts";
import { tenantUpdated } from "#features/tenants/events.ts";
import { createTenantDirectory } from "#features/tenants/tenant-directory.ts";

test("a read that began before a tenant was suspended does not bring it back", async () => {
  const reads: ((row: KnownTenant) => void)[] = [];
  const rows = {
    select: () => rows,
    where: () => rows,
    limit: () => rows,
    executeTakeFirst: () => new Promise<KnownTenant>((resolve) => reads.push(resolve)),
  };
  const system = { read: { selectFrom: () => rows } } as unknown as SystemDatabase;
  const events = createLocalEventBus(createLogger("silent"));
  const tenants = createTenantDirectory(system, events);
  const id = MASTER_TENANT_ID;

  const early = tenants.find("acme");
  events.publish(tenantUpdated, { tenantId: id, entityId: id, payload: { changed: ["status"] } });
  await Promise.resolve();
  const late = tenants.find("acme");
  reads[1]?.({ id, status: "suspended" });
  reads[0]?.({ id, status: "active" });
  expect([(await late)?.status, (await early)?.status]).toEqual(["suspended", "active"]);
  expect((await tenants.find("acme"))?.status).toBe("suspended");
  expect(reads).toHaveLength(2);
});
