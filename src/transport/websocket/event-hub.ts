import type { AnyEvent, EventBus } from "#core/events/events.ts";
import type { ClientEvent } from "#core/live/client-event.ts";
import { mayHear, toFeedPayload } from "#core/live/event-feed.ts";
import type { Dialect } from "#core/live/run-feed.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { Session, SocketConnection } from "#transport/websocket/socket-connection.ts";
import { buildSocketContext } from "#transport/websocket/socket-context.ts";
import type { SocketHandling } from "#transport/websocket/socket-dependencies.ts";

interface Frame {
  readonly event: string;
  readonly payload: string;
}

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
    const isRun = event.type === this.#handling.runBegan.type;
    for (const connection of this.#connections()) {
      const { session } = connection;
      if (session?.principal.tenantId !== event.tenantId) continue;
      const isHeard = mayReceive(session, event);
      if (isHeard) sendEvent(connection, session, event.entityId, () => encode(session.dialect));
      if (isRun) this.#showRun(connection, session, event, isHeard);
    }
  }

  /** Encodes an event for a dialect when a connection first needs it. */
  #encoderOf(event: AnyEvent): (dialect: Dialect) => readonly Frame[] {
    const encoded = new Map<Dialect, readonly Frame[]>();
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
    return { event: event.type, payload: toFeedPayload(event) };
  }

  /** Shows a run to those who hear of it, and to those who follow its session. */
  #showRun(connection: SocketConnection, { dialect }: Session, event: AnyEvent, isHeard: boolean): void {
    const { after, session_key: key } = this.#handling.runBegan.payload.parse(event.payload);
    if (!isHeard && !connection.sessions.has(key)) return;
    const ctx = buildSocketContext(connection, { operation: this.#follow }, this.#handling);
    void connection.runs.showUnasked(ctx, event.entityId, after, dialect);
  }
}

/** Sends an event. What happens to a run comes after the events of this run, where the connection shows them. */
function sendEvent(connection: SocketConnection, session: Session, entityId: string, encode: () => readonly Frame[]) {
  const send = () => {
    if (connection.session !== session) return;
    for (const { event, payload } of encode()) connection.outbox.sendEvent(event, payload);
  };
  const story = connection.runs.endOf(entityId);
  if (story) void story.then(send);
  else send();
}

function mayReceive({ principal, feed }: Session, event: AnyEvent): boolean {
  if (feed === "none") return false;
  return event.userId === principal.userId || (feed === "all" && mayHear(principal, event));
}
