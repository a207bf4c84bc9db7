import type { z } from "zod";
import type { TenantId } from "#base/ids.ts";
import { defineService } from "#core/service.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** A kind of domain event, such as `agent.updated`. Each feature defines its own in its `events.ts`. */
export interface EventKind<Type extends string = string, Payload extends z.ZodType = z.ZodType> {
  /** `<entity>.<past tense>`. It is also the action in the activity log. */
  readonly type: Type;
  /** The kind of entity that changed. */
  readonly entity: string;
  /** A few facts about the change. They are shown in the activity log, so they never hold a secret. */
  readonly payload: Payload;
}

/** Keeps the precise types of one kind of event. */
export const defineEvent = <const Type extends `${string}.${string}`, Payload extends z.ZodType>(
  kind: EventKind<Type, Payload>,
): EventKind<Type, Payload> => kind;

/** A fact that is committed. Caches, live views and other followers act on it. */
export type EventOf<Kind extends EventKind> =
  Kind extends EventKind<infer Type, infer Payload>
    ? {
        readonly type: Type;
        readonly tenantId: TenantId;
        readonly entityId: string;
        /** The user whose entity changed, if only this user and administrators may receive the event. */
        readonly userId?: string | undefined;
        readonly payload: z.output<Payload>;
      }
    : never;

export type AnyEvent = EventOf<EventKind>;

export interface Subscriber<Event> {
  /** Receives the events one at a time, in order. The next one waits for the returned promise. */
  readonly receive: (event: Event) => void | Promise<void>;
  /** Called if events may be missing: this subscriber was too slow, or the other nodes could not be heard. */
  readonly onMissed?: () => void;
}

/** Carries domain events to their subscribers. */
export interface EventBus {
  /** Delivers an event on this node. */
  publish<Kind extends EventKind>(kind: Kind, event: Omit<EventOf<Kind>, "type">): void;
  /** Delivers an event on all other nodes, when the transaction of its cause commits. */
  share<Kind extends EventKind>(queries: TenantQueries, kind: Kind, event: Omit<EventOf<Kind>, "type">): Promise<void>;
  /** Returns a function that ends the subscription. */
  subscribe<Kind extends EventKind>(kinds: readonly Kind[], subscriber: Subscriber<EventOf<Kind>>): () => void;
}

export const eventBus = defineService<EventBus>("event-bus");
