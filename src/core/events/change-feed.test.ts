import { afterAll, describe, expect, test } from "bun:test";
import { z } from "zod";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { createLogger } from "#base/logger.ts";
import { ChangeFeed } from "#core/events/change-feed.ts";
import { defineEvent } from "#core/events/events.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";
import { createSharedEventBus } from "#core/events/shared-event-bus.ts";
import type { Database } from "#db/database.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const made = defineEvent({ type: "thing.made", entity: "thing", payload: z.object({ size: z.int() }) });
const logger = createLogger("silent");

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("changes of other nodes on %s", async (d) => {
  const { database, dispose } = await openTestDatabase(d, "");
  await database.migrate(new Date());
  const system = database.system("a test of the changes of other nodes");
  const tenant = { id: MASTER_TENANT_ID, name: "m", slug: "m", status: "active" as const, settings: "{}" };
  await system.write((queries) =>
    queries
      .insertInto("tenants")
      .values({ ...tenant, created_at: "x", updated_at: "x" })
      .execute(),
  );
  afterAll(dispose);

  /** Starts a node, which collects what it hears. */
  const aNode = async (listen: Database["listen"] = database.listen) => {
    const heard: unknown[] = [];
    const [local, node] = [createLocalEventBus(logger), newId()];
    local.subscribe([made], {
      receive: ({ payload }) => void heard.push(payload.size),
      onMissed: () => heard.push("gap"),
    });
    const feed = new ChangeFeed({ database: { listen }, system, events: local, node, logger });
    await feed.start();
    const { share } = createSharedEventBus(local, node);
    const about = (size: number) => ({ tenantId: MASTER_TENANT_ID, entityId: "t", payload: { size } });
    return {
      heard,
      feed,
      share: (sizes: readonly number[], isKept = true) =>
        database.forTenant(MASTER_TENANT_ID).write(async (queries) => {
          for (const size of sizes) await share(queries, made, about(size));
          if (!isKept) throw new Error("changed my mind");
        }),
      until: async (count: number) => {
        while (heard.length < count) await Bun.sleep(5);
      },
    };
  };
  /** Stands for a pooler in transaction mode, which delivers nothing. */
  const deaf = () => async () => {};

  test.each([
    ["by notices", database.listen],
    ["without notices", deaf],
  ])("arrive once each %s, and not at their own node", async (_, listen) => {
    const [one, other] = [await aNode(listen), await aNode(listen)];
    await one.share([1, 2]);
    await other.until(2);
    await one.share([3]);
    await other.until(3);
    await other.share([4]);
    await one.until(1);
    expect(one.heard).toEqual([4]);
    expect(other.heard.toSorted()).toEqual([1, 2, 3]);
    await one.feed.stop();
    await other.feed.stop();
  });

  test("are announced by the name of their node", async () => {
    const names: string[] = [];
    const end = database.listen({ onNotice: (sender) => void names.push(sender), onGap: () => {} });
    const node = await aNode();
    // The first notices may be too early for a connection that only begins to listen.
    while (names.length === 0) await node.share([1, 2]);
    await end();
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^[0-9a-f-]{36}$/);
    await node.feed.stop();
  });

  test("that are rolled back do not arrive, and neither do those from before the start", async () => {
    const one = await aNode();
    await one.share([1]);
    const other = await aNode();
    await expect(one.share([2], false)).rejects.toThrow("changed my mind");
    await one.share([3]);
    await other.until(1);
    expect(other.heard).toEqual([3]);
    await one.feed.stop();
    await other.feed.stop();
  });

  test("that are too many to read make the other node forget everything", async () => {
    const [one, other] = [await aNode(), await aNode()];
    await one.share(Array.from({ length: 600 }, (_, index) => index));
    await other.until(1);
    expect(other.heard).toEqual(["gap"]);
    await one.feed.stop();
    await other.feed.stop();
  });

  test("may be missed while the connection was lost, so the node forgets everything when it listens again", async () => {
    const state: { onGap: () => void } = { onGap: () => {} };
    const node = await aNode((listener) => {
      state.onGap = listener.onGap;
      return async () => {};
    });
    state.onGap();
    expect(node.heard).toEqual(["gap"]);
    await node.feed.stop();
  });
});
