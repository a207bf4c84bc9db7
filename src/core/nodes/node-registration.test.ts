import { afterAll, describe, expect, test } from "bun:test";
import { NodeInUseError, NodeRegistration } from "#core/nodes/node-registration.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

describe.each(testDialects().filter((dialect) => dialect === "postgres"))(
  "the registration of a node on %s",
  async () => {
    const { database, dispose } = await openTestDatabase("postgres", "");
    await database.migrate(new Date());
    const system = database.system("a test of the registration of nodes");
    afterAll(dispose);
    const register = (owner: string, homeMark: string) =>
      new NodeRegistration({ system, owner, homeMark, logger: { warn: () => {} } });
    const rows = () => system.read.selectFrom("nodes").selectAll().orderBy("node_id").execute();
    const touch = (lease_until: string) =>
      system.write((queries) => queries.updateTable("nodes").set({ lease_until }).execute());

    test("a restarted process replaces the entry that a dead one of the same home left", async () => {
      await register("a:1", "home").claim();
      const restarted = register("a:2", "home");
      await restarted.claim();
      expect(await rows()).toMatchObject([{ node_id: "a", boot_id: "2" }]);
      await restarted.release();
      expect(await rows()).toEqual([]);
    });

    test("a process with a copy of the home is refused while the original renews its entry", async () => {
      const original = register("b:1", "home");
      await original.claim();
      const copy = register("b:2", "copy").claim();
      const later = setInterval(() => void touch(new Date(Date.now() + 60_000).toISOString()), 50);
      await expect(copy).rejects.toBeInstanceOf(NodeInUseError);
      clearInterval(later);
      expect(await rows()).toMatchObject([{ node_id: "b", boot_id: "1" }]);
      await original.release();
    });

    test("a home that was moved takes the entry over as soon as it has expired", async () => {
      await register("c:1", "old place").claim();
      await touch("2000-01-01T00:00:00.000Z");
      const moved = register("c:2", "new place");
      await moved.claim();
      expect(await rows()).toMatchObject([{ node_id: "c", boot_id: "2", home_mark: "new place" }]);
      await moved.release();
    });

    test("a process that stops leaves the entry of its successor alone", async () => {
      const first = register("d:1", "home");
      await first.claim();
      const second = register("d:2", "home");
      await second.claim();
      await first.release();
      expect(await rows()).toMatchObject([{ node_id: "d", boot_id: "2" }]);
      await second.release();
    });
  },
);
