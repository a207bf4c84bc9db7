import type { TenantId } from "#base/ids.ts";

/** Counts what each tenant takes up. Tenants that take up nothing have no entry. */
export class TenantCounts {
  readonly #counts = new Map<TenantId, number>();

  /** The counts above zero. */
  get all(): ReadonlyMap<TenantId, number> {
    return this.#counts;
  }

  of(tenantId: TenantId): number {
    return this.#counts.get(tenantId) ?? 0;
  }

  change(tenantId: TenantId, by: 1 | -1): void {
    const count = this.of(tenantId) + by;
    if (count === 0) this.#counts.delete(tenantId);
    else this.#counts.set(tenantId, count);
  }
}
