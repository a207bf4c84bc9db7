import { expect, test } from "bun:test";
import { z } from "zod";
import { MASTER_TENANT_ID, toTenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { createLogger } from "#base/logger.ts";
import { type AnyEvent, defineEvent } from "#core/events/events.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";
import { EventFeed, type FeedItem, mayHear, toFeedPayload } from "#core/live/event-feed.ts";

const made = defineEvent({ type: "thing.made", entity: "thing", payload: z.object({ size: z.int() }) });
const OTHER_TENANT = toTenantId("0193a5b0-7000-7000-8000-000000000002");

function open() {
  const bus = createLocalEventBus(createLogger("silent"));
  const feed = new EventFeed("boot");
  const end = feed.listen(bus, [made]);
  const publish = async (size: number, tenantId = MASTER_TENANT_ID) => {
    bus.publish(made, { tenantId, entityId: `t${size}`, payload: { size } });
    // The bus delivers one event after the other.
    await Bun.sleep(0);
  };
  const publishMany = async (count: number) => {
    for (let size = 1; size <= count; size++) await publish(size);
  };
  const list = (after: string) => {
    const { items, cursor, isReset } = feed.list(MASTER_TENANT_ID, after);
    return { ids: items.map(({ event }) => event.entityId), cursor, isReset };
  };
  return { bus, feed, end, publish, publishMany, list };
}

/** Takes so many items of a follower. Events may be missing where an item is undefined. */
async function take(follower: AsyncGenerator<FeedItem | undefined>, count: number) {
  const taken: (string | undefined)[] = [];
  while (taken.length < count) {
    const { value, done } = await follower.next();
    if (done) break;
    taken.push(value?.cursor);
  }
  return taken;
}

test("a list has what came after a cursor, of its own tenant alone", async () => {
  const { publish, list } = open();
  expect(list("")).toEqual({ ids: [], cursor: "boot.0", isReset: false });
  await publish(1);
  await publish(7, OTHER_TENANT);
  await publish(2);
  expect(list("boot.0")).toEqual({ ids: ["t1", "t2"], cursor: "boot.2", isReset: false });
  expect(list("boot.1")).toEqual({ ids: ["t2"], cursor: "boot.2", isReset: false });
  expect(list("boot.2")).toEqual({ ids: [], cursor: "boot.2", isReset: false });
  expect(list("")).toEqual({ ids: [], cursor: "boot.2", isReset: false });
});

test.each(["boot.3", "boot.-1", "boot.1e-1", "boot.x", "other.1", "x"])(
  "the cursor %s is of no use",
  async (cursor) => {
    const { publishMany, list } = open();
    await publishMany(2);
    expect(list(cursor)).toMatchObject({ ids: [], cursor: "boot.2", isReset: true });
  },
);

test("only the latest events are kept, and older cursors begin anew", async () => {
  const { publish, publishMany, list } = open();
  await publishMany(LIMITS.feedEvents);
  expect(list("boot.0").ids).toHaveLength(LIMITS.feedEvents);
  await publish(9_999);
  expect(list("boot.0")).toMatchObject({ ids: [], isReset: true });
  const { ids, isReset } = list("boot.1");
  expect([ids.length, ids[0], ids.at(-1), isReset]).toEqual([LIMITS.feedEvents, "t2", "t9999", false]);
});

test("a follower has past and coming events, and learns where some may be missing", async () => {
  const { feed, bus, publish, publishMany } = open();
  await publishMany(3);
  const leaving = new AbortController();
  const follow = (after: string) => feed.follow(MASTER_TENANT_ID, after, leaving.signal);
  expect(await take(follow("boot.1"), 2)).toEqual(["boot.2", "boot.3"]);
  const [present, stranger] = [follow(""), follow("other.1")];
  expect(await take(stranger, 1)).toEqual([undefined]);
  const next = Promise.all([take(present, 1), take(stranger, 1)]);
  await publish(4);
  expect(await next).toEqual([["boot.4"], ["boot.4"]]);

  bus.missAll();
  expect(await take(present, 1)).toEqual([undefined]);
  await publish(5);
  expect(await take(present, 1)).toEqual(["boot.6"]);

  const slow = follow("boot.6");
  await publishMany(LIMITS.feedEvents + 1);
  expect(await take(slow, 1)).toEqual([undefined]);

  // The caller leaves while it learns that events may be missing.
  const last = take(present, 2);
  leaving.abort();
  expect(await last).toEqual([undefined]);
});

test("followers end when the feed is closed, also those who wait", async () => {
  const { feed, publish } = open();
  const follower = feed.follow(MASTER_TENANT_ID, "", new AbortController().signal);
  const waiting = take(follower, 2);
  await publish(1);
  feed.close();
  expect(await waiting).toEqual(["boot.1"]);
});

test("nothing is kept after listening has ended", async () => {
  const { end, publish, list } = open();
  end();
  await publish(1);
  expect(list("boot.0")).toEqual({ ids: [], cursor: "boot.0", isReset: false });
});

test("an event of a user is for that user and for administrators, and any other for administrators", () => {
  const event = (userId?: string) => ({ userId }) as AnyEvent;
  const caller = (role: "admin" | "operator", userId: string) => ({ role, userId });
  expect(mayHear(caller("operator", "an"), event("an"))).toBe(true);
  expect(mayHear(caller("operator", "an"), event("bo"))).toBe(false);
  expect(mayHear(caller("operator", "an"), event())).toBe(false);
  expect(mayHear(caller("admin", "bo"), event("an"))).toBe(true);
  expect(mayHear(caller("admin", "bo"), event())).toBe(true);
});

test("what a caller sees of an event has its entity, its user and its facts", () => {
  const event = { type: "thing.made", tenantId: MASTER_TENANT_ID, entityId: "t1", payload: { size: 1 } };
  expect(toFeedPayload(event)).toEqual({ id: "t1", size: 1 });
  expect(toFeedPayload({ ...event, userId: "an" })).toEqual({ id: "t1", user_id: "an", size: 1 });
});
