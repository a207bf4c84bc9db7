import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { EventBus, EventKind, EventOf, Subscriber } from "#core/events/events.ts";

type AnyEvent = EventOf<EventKind>;

/**
 * Creates the in-memory event bus. Each subscriber has its own queue of at most `LIMITS.eventQueue` events, so a slow
 * subscriber never delays the publisher or other subscribers. A full queue drops its oldest event. An idle subscriber
 * receives an event before the publisher's next await returns, so a caller never reads a cache from before its own
 * change.
 */
export function createLocalEventBus(logger: Pick<Logger, "error">): EventBus {
  const queues = new Map<string, Set<SubscriberQueue>>();
  return {
    publish(kind, event) {
      const subscribed = queues.get(kind.type);
      if (!subscribed) return;
      // Safe: the event carries the type of its own kind.
      const published = { ...event, type: kind.type } as AnyEvent;
      for (const queue of subscribed) queue.add(published);
    },
    subscribe(kinds, subscriber) {
      // Safe: the queue only receives events of the kinds that the subscriber names.
      const queue = new SubscriberQueue(subscriber as Subscriber<AnyEvent>, logger);
      for (const { type } of kinds) queues.set(type, (queues.get(type) ?? new Set()).add(queue));
      return () => {
        for (const { type } of kinds) queues.get(type)?.delete(queue);
      };
    },
  };
}

class SubscriberQueue {
  readonly #subscriber: Subscriber<AnyEvent>;
  readonly #logger: Pick<Logger, "error">;
  readonly #events: AnyEvent[] = [];
  #isDelivering = false;
  #hasMissed = false;

  constructor(subscriber: Subscriber<AnyEvent>, logger: Pick<Logger, "error">) {
    this.#subscriber = subscriber;
    this.#logger = logger;
  }

  add(event: AnyEvent): void {
    if (this.#events.length >= LIMITS.eventQueue) {
      this.#events.shift();
      this.#hasMissed = true;
    }
    this.#events.push(event);
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    queueMicrotask(() => void this.#deliver());
  }

  async #deliver(): Promise<void> {
    for (let event = this.#events.shift(); event; event = this.#events.shift()) {
      try {
        if (this.#hasMissed) this.#subscriber.onMissed?.();
        this.#hasMissed = false;
        const received = this.#subscriber.receive(event);
        if (received) await received;
      } catch (error) {
        this.#logger.error({ error, type: event.type }, "a subscriber failed on an event");
      }
    }
    this.#isDelivering = false;
  }
}
