import { toTimestamp } from "#base/clock.ts";
import type { SystemDatabase } from "#db/database.ts";
import { chunk } from "#db/values.ts";
import { leaseEnd } from "#runtime/lease.ts";

/** Keeps these runs the owner's for another while. */
export async function renewLeases(
  system: SystemDatabase,
  owner: string,
  runIds: readonly string[],
  now: Date,
): Promise<void> {
  const until = leaseEnd(now);
  for (const some of chunk(runIds)) {
    await system.write((queries) =>
      queries
        .updateTable("runs")
        .set({ lease_until: until })
        .where("id", "in", some)
        .where("lease_owner", "=", owner)
        .where("ended_at", "is", null)
        .execute(),
    );
  }
}

/** Lets others take up at once whatever the owner leaves open. */
export async function giveLeasesBack(system: SystemDatabase, owner: string, now: Date): Promise<void> {
  await system.write((queries) =>
    queries
      .updateTable("runs")
      .set({ lease_owner: null, lease_until: toTimestamp(now) })
      .where("lease_owner", "=", owner)
      .where("ended_at", "is", null)
      .execute(),
  );
}
