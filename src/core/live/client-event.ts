import type { EventKind, EventOf } from "#core/events/events.ts";

/** An event as the clients of GoClaw's protocol v3 know it. */
export interface ClientEvent {
  readonly event: string;
  readonly payload: unknown;
}

/** How a kind of domain event appears on sockets. A kind without one appears under its own type. */
export interface EventView {
  readonly kind: EventKind;
  /** Undefined if clients do not hear of it. */
  toClientEvent(event: never): ClientEvent | undefined;
}

/** Keeps the type of the event for the converter. */
export const defineEventView = <Kind extends EventKind>(
  kind: Kind,
  toClientEvent: (event: EventOf<Kind>) => ClientEvent | undefined,
): EventView => ({ kind, toClientEvent });
