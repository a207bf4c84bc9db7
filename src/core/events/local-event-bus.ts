import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { AnyEvent, EventBus, Subscriber } from "#core/events/events.ts";

/** The event bus of a process. It also takes what the process hears of other nodes. */
export interface LocalEventBus extends EventBus {
  deliver(event: AnyEvent): void;
  /** Tells every subscriber that events may be missing. */
  missAll(): void;
}

/**
 * Creates the in-memory event bus. Each subscriber has its own queue of at most `LIMITS.eventQueue` events, so a slow
 * subscriber never delays the publisher or other subscribers. A full queue drops its oldest event. An idle subscriber
 * receives an event before the publisher's next await returns, so a caller never reads a cache from before its own
 * change.
 */
export function createLocalEventBus(logger: Pick<Logger, "error">): LocalEventBus {
  const queues = new Map<string, Set<SubscriberQueue>>();
  const deliver = (event: AnyEvent) => {
    for (const queue of queues.get(event.type) ?? []) queue.add(event);
  };
  return {
    publish: (kind, event) => deliver({ ...event, type: kind.type }),
    deliver,
    // A process that knows of no other shares nothing.
    share: async () => {},
    missAll() {
      for (const queue of new Set([...queues.values()].flatMap((subscribed) => [...subscribed]))) queue.miss();
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

  miss(): void {
    try {
      this.#subscriber.onMissed?.();
    } catch (error) {
      this.#logger.error({ error }, "a subscriber failed on missing events");
    }
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
