import { afterAll, describe, expect, test } from "bun:test";
import { HOUR, SECOND } from "#base/clock.ts";
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
    /** Leaves an entry as another process would. */
    const leave = (node_id: string, home_mark: string, lease_until: Date) =>
      system.write((queries) =>
        queries
          .insertInto("nodes")
          .values({ node_id, boot_id: "1", home_mark, lease_until: lease_until.toISOString() })
          .execute(),
      );
    const inAnHour = new Date(Date.now() + HOUR);

    test("a restarted process replaces the entry that a dead one of the same home left", async () => {
      await leave("a", "home", inAnHour);
      const restarted = register("a:2", "home");
      await restarted.claim();
      expect(await rows()).toMatchObject([{ node_id: "a", boot_id: "2" }]);
      await restarted.release();
      expect(await rows()).toEqual([]);
    });

    test("a process with a copy of the home is refused while the original renews its entry", async () => {
      await leave("b", "home", inAnHour);
      const state = { isRefused: false };
      const refusal = register("b:2", "copy")
        .claim()
        .catch((thrown: unknown) => thrown)
        .finally(() => {
          state.isRefused = true;
        });
      for (let renewals = 1; !state.isRefused; renewals++) {
        const lease_until = new Date(inAnHour.getTime() + renewals).toISOString();
        await system.write((queries) => queries.updateTable("nodes").set({ lease_until }).execute());
        await Bun.sleep(50);
      }
      expect(await refusal).toBeInstanceOf(NodeInUseError);
      expect(await rows()).toMatchObject([{ node_id: "b", boot_id: "1" }]);
    });

    test("a home that was moved takes the entry over if it has expired", async () => {
      await leave("c", "old place", new Date(0));
      const moved = register("c:2", "new place");
      await moved.claim();
      expect(await rows()).toContainEqual(
        expect.objectContaining({ node_id: "c", boot_id: "2", home_mark: "new place" }),
      );
      await moved.release();
    });

    test("a home that was moved waits for an entry that nobody renews, and takes it over when it has expired", async () => {
      await leave("e", "old place", new Date(Date.now() + SECOND));
      const moved = register("e:2", "new place");
      await moved.claim();
      expect(await rows()).toContainEqual(expect.objectContaining({ node_id: "e", boot_id: "2" }));
      await moved.release();
    });

    test("a process that stops leaves the entry of its successor alone", async () => {
      await leave("d", "home", inAnHour);
      await register("d:2", "home").release();
      expect(await rows()).toContainEqual(expect.objectContaining({ node_id: "d", boot_id: "1" }));
    });
  },
);
