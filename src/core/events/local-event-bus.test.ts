import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { createLogger } from "#base/logger.ts";
import { defineEvent } from "#core/events/events.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";

const made = defineEvent({ type: "thing.made", entity: "thing", payload: z.object({ size: z.int() }) });
const lost = defineEvent({ type: "thing.lost", entity: "thing", payload: z.object({}) });

const open = () => createLocalEventBus(createLogger("silent"));
const about = (size: number) => ({ tenantId: MASTER_TENANT_ID, entityId: `t${size}`, payload: { size } });

describe("the event bus", () => {
  test("delivers the subscribed kinds in order, with their payload", async () => {
    const bus = open();
    const seen: unknown[] = [];
    bus.subscribe([made], { receive: ({ type, entityId, payload }) => void seen.push([type, entityId, payload.size]) });
    bus.publish(made, about(1));
    bus.publish(lost, { tenantId: MASTER_TENANT_ID, entityId: "t", payload: {} });
    bus.publish(made, about(2));
    await Promise.resolve();
    expect(seen).toEqual([
      ["thing.made", "t1", 1],
      ["thing.made", "t2", 2],
    ]);
  });

  test("delivers to an idle subscriber before the publisher's next await returns", async () => {
    const bus = open();
    let seen = 0;
    bus.subscribe([made], { receive: () => void seen++ });
    const publish = async () => bus.publish(made, about(1));
    await publish();
    expect(seen).toBe(1);
  });

  test("delivers further events after all earlier ones were received", async () => {
    const bus = open();
    const seen: number[] = [];
    bus.subscribe([made], { receive: ({ payload }) => void seen.push(payload.size) });
    for (const size of [1, 2, 3]) {
      bus.publish(made, about(size));
      for (let step = 0; step < 3; step++) await Promise.resolve();
      expect(seen.at(-1)).toBe(size);
    }
  });

  test("delivers nothing after a subscription has ended", async () => {
    const bus = open();
    let seen = 0;
    const end = bus.subscribe([made, lost], { receive: () => void seen++ });
    end();
    bus.publish(made, about(1));
    await Promise.resolve();
    expect(seen).toBe(0);
  });

  test("a slow subscriber receives one event at a time and delays nobody else", async () => {
    const bus = open();
    const release = Promise.withResolvers<void>();
    const slow: number[] = [];
    const quick: number[] = [];
    bus.subscribe([made], {
      receive: async ({ payload }) => {
        slow.push(payload.size);
        await release.promise;
      },
    });
    bus.subscribe([made], { receive: ({ payload }) => void quick.push(payload.size) });
    for (const size of [1, 2, 3]) bus.publish(made, about(size));
    await Promise.resolve();
    expect([slow, quick]).toEqual([[1], [1, 2, 3]]);
    release.resolve();
    while (slow.length < 3) await Promise.resolve();
    expect(slow).toEqual([1, 2, 3]);
  });

  test("drops the oldest events of a subscriber that is too slow, and tells it", async () => {
    const bus = open();
    const release = Promise.withResolvers<void>();
    const seen: (number | "missed")[] = [];
    bus.subscribe([made], {
      receive: async ({ payload }) => {
        seen.push(payload.size);
        await release.promise;
      },
      onMissed: () => void seen.push("missed"),
    });
    bus.publish(made, about(0));
    await Promise.resolve();
    for (let size = 1; size <= LIMITS.eventQueue + 2; size++) bus.publish(made, about(size));
    release.resolve();
    while (seen.at(-1) !== LIMITS.eventQueue + 2) await Promise.resolve();
    expect(seen.slice(0, 4)).toEqual([0, "missed", 3, 4]);
    expect(seen.filter((entry) => entry === "missed")).toHaveLength(1);
  });

  test("a subscriber that fails receives the next event, and others lose nothing", async () => {
    const bus = open();
    const seen: string[] = [];
    bus.subscribe([made], {
      receive: ({ payload }) => {
        seen.push(`first ${payload.size}`);
        throw new Error("no");
      },
    });
    bus.subscribe([made], { receive: ({ payload }) => void seen.push(`second ${payload.size}`) });
    bus.publish(made, about(1));
    bus.publish(made, about(2));
    await Promise.resolve();
    expect(seen.toSorted()).toEqual(["first 1", "first 2", "second 1", "second 2"]);
  });

  test("tells every subscriber once if events may be missing, even after one that fails", () => {
    const bus = open();
    const told: string[] = [];
    const fail = () => {
      throw new Error("no");
    };
    bus.subscribe([made], { receive: () => {}, onMissed: fail });
    bus.subscribe([made, lost], { receive: () => {}, onMissed: () => void told.push("second") });
    bus.subscribe([lost], { receive: () => {} });
    bus.missAll();
    expect(told).toEqual(["second"]);
  });
});
