import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { hasRole } from "#core/access/access.ts";
import type { Principal } from "#core/context.ts";
import type { AnyEvent, EventBus, EventKind } from "#core/events/events.ts";
import { defineService } from "#core/service.ts";

/** An event of a tenant, with its place in the feed. */
export interface FeedItem {
  readonly event: AnyEvent;
  /** `<start of the process>.<number>`. A client continues after it. */
  readonly cursor: string;
}

interface TenantFeed {
  readonly items: FeedItem[];
  /** The number of the last event that was dropped. */
  dropped: number;
  last: number;
  readonly listeners: Set<() => void>;
}

/** The latest events of each tenant in memory, for those who watch a tenant and may be away for a moment. */
export class EventFeed {
  readonly #boot: string;
  #isClosed = false;
  readonly #tenants = new BoundedCache<TenantId, TenantFeed>({ max: LIMITS.feedTenants });

  /** `boot` is a name of this process that no other one has. */
  constructor(boot: string) {
    this.#boot = boot;
  }

  /** Begins to keep events. Returns the end of it. */
  listen(events: EventBus, kinds: readonly EventKind[]): () => void {
    return events.subscribe(kinds, {
      receive: (event) => this.#add(event),
      onMissed: () => {
        for (const feed of this.#tenants.values()) forgetAll(feed);
      },
    });
  }

  /** Ends all followers, because this process stops. */
  close(): void {
    this.#isClosed = true;
    for (const { listeners } of this.#tenants.values()) for (const wake of listeners) wake();
  }

  #add(event: AnyEvent): void {
    const feed = this.#feedOf(event.tenantId);
    const cursor = `${this.#boot}.${++feed.last}`;
    feed.items.push({ event, cursor });
    if (feed.items.length > LIMITS.feedEvents) {
      feed.items.shift();
      feed.dropped++;
    }
    for (const wake of feed.listeners) wake();
  }

  /**
   * Yields the events of a tenant after a cursor, until the signal aborts or the feed is closed. The empty text is the
   * present. Yields undefined where events may be missing: at first for a cursor from long ago or of another process.
   */
  async *follow(tenantId: TenantId, after: string, signal: AbortSignal): AsyncGenerator<FeedItem | undefined> {
    const feed = this.#feedOf(tenantId);
    let read = after === "" ? feed.last : this.#numberOf(after, feed);
    if (read === undefined) {
      read = feed.last;
      yield undefined;
    }
    let wake = () => {};
    const listener = () => wake();
    feed.listeners.add(listener);
    signal.addEventListener("abort", listener);
    try {
      while (!signal.aborted && !this.#isClosed) {
        if (read < feed.dropped) {
          read = feed.last;
          yield undefined;
          continue;
        }
        const item: FeedItem | undefined = feed.items[read - feed.dropped];
        if (item) {
          read++;
          yield item;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      feed.listeners.delete(listener);
      signal.removeEventListener("abort", listener);
    }
  }

  /** Returns the events of a tenant after a cursor that are here, and the cursor behind them. */
  list(
    tenantId: TenantId,
    after: string,
  ): { readonly items: readonly FeedItem[]; readonly cursor: string; readonly isReset: boolean } {
    const feed = this.#feedOf(tenantId);
    const read = after === "" ? feed.last : this.#numberOf(after, feed);
    const items = read === undefined ? [] : feed.items.slice(read - feed.dropped);
    return { items, cursor: `${this.#boot}.${feed.last}`, isReset: read === undefined };
  }

  #feedOf(tenantId: TenantId): TenantFeed {
    const feed = this.#tenants.get(tenantId) ?? { items: [], dropped: 0, last: 0, listeners: new Set() };
    this.#tenants.set(tenantId, feed);
    return feed;
  }

  /** Returns the number in a cursor, or undefined if events after it are no longer here. */
  #numberOf(cursor: string, { dropped, last }: TenantFeed): number | undefined {
    const [boot, number = ""] = cursor.split(".");
    const read = Number(number);
    return boot === this.#boot && Number.isInteger(read) && read >= dropped && read <= last ? read : undefined;
  }
}

function forgetAll(feed: TenantFeed): void {
  feed.items.length = 0;
  // The number that nothing has stands for what was missed.
  feed.last++;
  feed.dropped = feed.last;
  for (const wake of feed.listeners) wake();
}

export const eventFeed = defineService<EventFeed>("event-feed");

/**
 * Returns whether a caller may hear of an event of its tenant. An event that concerns a user is for this user and for
 * administrators, and any other for administrators alone.
 */
export const mayHear = (caller: Pick<Principal, "role" | "userId">, { userId }: AnyEvent): boolean =>
  (userId !== undefined && userId === caller.userId) || hasRole(caller, "admin");

/** Converts an event to what a caller sees: the id of the entity, its user, and the payload. */
export const toFeedPayload = ({ entityId: id, userId, payload }: AnyEvent): object => ({
  id,
  ...(userId !== undefined && { user_id: userId }),
  ...(payload as object),
});
