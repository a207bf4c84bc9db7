import { newId } from "#base/ids.ts";
import type { AnyEvent, EventBus } from "#core/events/events.ts";
import { databaseTime } from "#db/database-time.ts";
import { insertRow } from "#db/insert-rows.ts";
import { sendNotice } from "#db/notices.ts";
import { toJson } from "#db/values.ts";

/**
 * Creates the event bus of one among several nodes on a Postgres. `node` is the name of this process. What it shares is
 * a row, which a `ChangeFeed` of every other node reads. The notice only wakes it.
 */
export function createSharedEventBus(local: EventBus, node: string): EventBus {
  return {
    publish: (kind, event) => local.publish(kind, event),
    subscribe: (kinds, subscriber) => local.subscribe(kinds, subscriber),
    async share(queries, { type }, event) {
      if (queries.dialect === "sqlite") return;
      const shared: AnyEvent = { ...event, type };
      const row = { id: newId(), node, event: toJson(shared), created_at: "" };
      await insertRow(queries, "domain_events", row, (dialect) => ({ created_at: databaseTime(dialect) }));
      await sendNotice(queries, node);
    },
  };
}
