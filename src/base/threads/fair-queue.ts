import type { TenantId } from "#base/ids.ts";

/** Something that waits for a worker that tenants share. */
export interface Waiting {
  readonly tenantId: TenantId;
  /** The user whose turn it is. Unknown users take turns as one. */
  readonly userId?: string | undefined;
}

type MayStart = (tenantId: TenantId) => boolean;

/** A queue in which tenants take turns, and the users of a tenant too. One user's items keep their order. */
export class FairQueue<Item extends Waiting> {
  /** Each tenant's items by user. The tenant and the user whose turn is next come first. */
  readonly #tenants = new Map<TenantId, Map<string, Item[]>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(tenantId: TenantId): number {
    let size = 0;
    for (const items of this.#tenants.get(tenantId)?.values() ?? []) size += items.length;
    return size;
  }

  add(item: Item): void {
    const { tenantId, userId = "" } = item;
    const users = this.#tenants.get(tenantId) ?? new Map<string, Item[]>();
    this.#tenants.set(tenantId, users);
    const items = users.get(userId) ?? [];
    users.set(userId, items);
    items.push(item);
    this.#size++;
  }

  /** Returns true if an item waits whose tenant may start it. */
  hasNext(mayStart: MayStart): boolean {
    return this.#tenants.keys().some(mayStart);
  }

  /** Removes and returns the next item of the next tenant that may start one. Both then wait for their next turns. */
  take(mayStart: MayStart): Item | undefined {
    const tenant = this.#tenants.entries().find(([tenantId]) => mayStart(tenantId));
    if (!tenant) return undefined;
    const [tenantId, users] = tenant;
    const [userId = "", items = []] = users.entries().next().value ?? [];
    const item = items.shift();
    moveToEnd(users, userId, items.length > 0);
    moveToEnd(this.#tenants, tenantId, users.size > 0);
    if (item) this.#size--;
    return item;
  }
}

/** Moves an entry behind all others, or removes it. */
function moveToEnd<Key, Value>(map: Map<Key, Value>, key: Key, isKept: boolean): void {
  const value = map.get(key);
  map.delete(key);
  if (isKept && value !== undefined) map.set(key, value);
}
