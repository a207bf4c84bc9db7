import type { TenantId } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { AnyEvent, EventBus } from "#core/events/events.ts";
import type { ClientEvent } from "#core/live/client-event.ts";
import type { Dialect } from "#core/live/run-feed.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { SocketConnection } from "#transport/websocket/socket-connection.ts";
import { buildSocketContext } from "#transport/websocket/socket-context.ts";
import type { SocketHandling } from "#transport/websocket/socket-dependencies.ts";

type Views = ReadonlyMap<string, (event: AnyEvent) => ClientEvent | undefined>;

/**
 * Brings domain events to the connections that may hear of them, each encoded once. An event that concerns a user goes
 * to this user and to administrators of the tenant, and any other to the administrators alone.
 */
export class EventHub {
  readonly #handling: SocketHandling;
  readonly #connections: () => Iterable<SocketConnection>;
  readonly #views: Views;
  readonly #follow: AnyOperation;

  /** `follow` is the operation in whose name connections follow runs. */
  constructor(handling: SocketHandling, follow: AnyOperation, connections: () => Iterable<SocketConnection>) {
    this.#handling = handling;
    this.#follow = follow;
    this.#connections = connections;
    // Safe: the bus delivers to each view only events of its own kind.
    this.#views = new Map(
      handling.eventViews.map(({ kind, toClientEvent }) => [
        kind.type,
        toClientEvent as (event: AnyEvent) => ClientEvent,
      ]),
    );
  }

  /** Returns a function that ends the subscription. */
  listen(events: EventBus): () => void {
    return events.subscribe(this.#handling.events, { receive: (event) => this.#deliver(event) });
  }

  #deliver(event: AnyEvent): void {
    const encode = this.#encoderOf(event);
    for (const connection of this.#connections()) {
      const { session } = connection;
      if (!session || !mayHear(connection, event.tenantId, event.userId)) continue;
      for (const { event: name, payload } of encode(session.dialect)) connection.outbox.sendEvent(name, payload);
      if (event.type === this.#handling.runBegan.type) this.#showRun(connection, event, session.dialect);
    }
  }

  /** Encodes an event for a dialect when a connection first needs it. */
  #encoderOf(event: AnyEvent): (dialect: Dialect) => readonly { readonly event: string; readonly payload: string }[] {
    const encoded = new Map<Dialect, readonly { readonly event: string; readonly payload: string }[]>();
    return (dialect) => {
      const known = encoded.get(dialect);
      if (known) return known;
      const shown = this.#show(event, dialect);
      const frames = shown ? [{ event: shown.event, payload: JSON.stringify(shown.payload ?? null) }] : [];
      encoded.set(dialect, frames);
      return frames;
    };
  }

  #show(event: AnyEvent, dialect: Dialect): ClientEvent | undefined {
    const view = dialect === "goclaw" ? this.#views.get(event.type) : undefined;
    if (view) return view(event);
    const { type, entityId: id, userId, payload } = event;
    return { event: type, payload: { id, ...(userId !== undefined && { user_id: userId }), ...(payload as object) } };
  }

  #showRun(connection: SocketConnection, { entityId, payload }: AnyEvent, dialect: Dialect): void {
    const ctx = buildSocketContext(connection, { operation: this.#follow }, this.#handling);
    const { after } = this.#handling.runBegan.payload.parse(payload);
    void connection.runs.showUnasked(ctx, entityId, after, dialect);
  }
}

function mayHear({ session }: SocketConnection, tenantId: TenantId, userId: string | undefined): boolean {
  if (!session || session.feed === "none" || session.principal.tenantId !== tenantId) return false;
  if (userId === session.principal.userId) return true;
  return session.feed === "all" && hasRole(session.principal, "admin");
}
