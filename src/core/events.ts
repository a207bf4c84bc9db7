import type { TenantId } from "#base/ids.ts";
import { defineService } from "#core/service.ts";

/** Something that has happened and is committed, such as `agent.updated`. Caches and live views follow it. */
export interface DomainEvent {
  readonly type: string;
  readonly tenantId: TenantId;
  readonly entityId: string;
}

export type EventListener = (event: DomainEvent) => void;

/** Carries domain events to everyone who follows them, on this node and, with a remote implementation, on others. */
export interface EventBus {
  publish(event: DomainEvent): void;
  /** Follows events whose type starts with `prefix`; the returned function ends it. */
  subscribe(prefix: string, listener: EventListener): () => void;
}

export const eventBus = defineService<EventBus>("event-bus");

/** The embedded implementation: delivers at once, in the publisher's turn. A listener must not throw. */
export function createLocalEventBus(): EventBus {
  const listeners = new Set<{ readonly prefix: string; readonly listener: EventListener }>();
  return {
    publish: (event) => {
      for (const { prefix, listener } of listeners) if (event.type.startsWith(prefix)) listener(event);
    },
    subscribe: (prefix, listener) => {
      const entry = { prefix, listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}
