import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { SystemDatabase } from "#db/database.ts";
import { prepareWrite } from "#db/prepared-query.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { chunk } from "#db/values.ts";

/** Thrown when an attempt is over, usually because another process owns the run. Its further writes are refused. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

/** One attempt at a run by one process. */
export interface Lease {
  readonly runId: string;
  readonly attempt: number;
  readonly owner: string;
}

export const leaseEnd = (now: Date): string => toTimestamp(new Date(now.getTime() + LIMITS.leaseTime));

const reserve = prepareWrite<Lease & { readonly events: number }, { last_seq: number }>(
  (queries, { runId, attempt, owner, events }) =>
    queries
      .updateTable("runs")
      .set((run) => ({ last_seq: run("last_seq", "+", events) }))
      .where("id", "=", runId)
      .where("attempt", "=", attempt)
      .where("lease_owner", "=", owner)
      .where("status", "in", ["running", "waiting"])
      .returning("last_seq"),
);

/**
 * Fences every write of a run. Reserves numbers for events and returns the last one. Throws `LeaseLostError` if the
 * attempt is over or the run has ended.
 */
export async function passFence(queries: TenantQueries, lease: Lease, events: number): Promise<number> {
  const [row] = await reserve(queries, { ...lease, events });
  if (!row) throw leaseLost(lease);
  return row.last_seq;
}

export const leaseLost = ({ attempt, runId }: Lease) =>
  new LeaseLostError(`attempt ${attempt} of run ${runId} is over`);

/** Extends the owner's leases of these runs. */
export async function renewLeases(
  system: SystemDatabase,
  owner: string,
  runIds: readonly string[],
  now: Date,
): Promise<void> {
  const until = leaseEnd(now);
  for (const ids of chunk(runIds)) {
    await system.write((queries) =>
      queries
        .updateTable("runs")
        .set({ lease_until: until })
        .where("id", "in", ids)
        .where("lease_owner", "=", owner)
        .where("ended_at", "is", null)
        .execute(),
    );
  }
}

/** Releases the owner's leases of all its open runs, so other processes can take the runs at once. */
export async function releaseLeases(system: SystemDatabase, owner: string, now: Date): Promise<void> {
  await system.write((queries) =>
    queries
      .updateTable("runs")
      .set({ lease_owner: null, lease_until: toTimestamp(now) })
      .where("lease_owner", "=", owner)
      .where("ended_at", "is", null)
      .execute(),
  );
}
