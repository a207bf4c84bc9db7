import type { Config } from "#app/config/schema.ts";
import type { Logger } from "#base/logger.ts";
import type { EventBus } from "#core/events/events.ts";
import type { SystemDatabase } from "#db/database.ts";
import { tenantEvents } from "#features/tenants/index.ts";

/** Knows whether several tenants share this gateway. */
export class TenantCensus {
  readonly #system: SystemDatabase;
  #hasSeveral = false;

  constructor(system: SystemDatabase, events: EventBus, logger: Pick<Logger, "warn">) {
    this.#system = system;
    const countAgain = () => this.count().catch((error) => logger.warn({ error }, "tenants could not be counted"));
    events.subscribe(tenantEvents, { receive: countAgain, onMissed: () => void countAgain() });
  }

  get hasSeveral(): boolean {
    return this.#hasSeveral;
  }

  /** Counts the active tenants, up to two. */
  async count(): Promise<void> {
    const query = this.#system.read.selectFrom("tenants").select("id").where("status", "=", "active").limit(2);
    this.#hasSeveral = (await query.execute()).length > 1;
  }
}

/** Returns the share of all places for runs that one tenant may take up: half once there are several tenants. */
export function tenantShare(limits: Config["runs"], census: TenantCensus): number {
  const { max_concurrent_per_tenant: own, max_concurrent: all } = limits;
  if (own > 0) return Math.min(1, own / all);
  return census.hasSeveral ? 0.5 : 1;
}
