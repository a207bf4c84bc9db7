import type { RawBuilder } from "kysely";
import { LIMITS } from "#base/limits.ts";
import type { SystemDatabase } from "#db/database.ts";
import { databaseTime } from "#db/database-time.ts";
import { prepareWrite } from "#db/prepared-query.ts";
import type { Dialect, TenantQueries } from "#db/tenant-queries.ts";
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

/** The end of a lease that begins now. */
export const leaseEnd = (dialect: Dialect): RawBuilder<string> => databaseTime(dialect, LIMITS.leaseTime);

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

/** A run whose lease was renewed. */
export interface HeldRun {
  readonly id: string;
  /** Set if somebody asked another node to cancel the run. */
  readonly cancel_reason: string | null;
}

/** Extends the owner's leases of these runs. Returns those that it still holds. */
export async function renewLeases(
  system: SystemDatabase,
  owner: string,
  runIds: readonly string[],
): Promise<readonly HeldRun[]> {
  const held: HeldRun[] = [];
  for (const ids of chunk(runIds)) {
    const renewed = await system.write((queries) =>
      queries
        .updateTable("runs")
        .set({ lease_until: leaseEnd(system.dialect) })
        .where("id", "in", ids)
        .where("lease_owner", "=", owner)
        .where("ended_at", "is", null)
        .returning(["id", "cancel_reason"])
        .execute(),
    );
    for (const run of renewed) held.push(run);
  }
  return held;
}

/** Releases the owner's leases of all its open runs, so other processes can take the runs at once. */
export async function releaseLeases(system: SystemDatabase, owner: string): Promise<void> {
  await system.write((queries) =>
    queries
      .updateTable("runs")
      .set({ lease_owner: null, lease_until: null })
      .where("lease_owner", "=", owner)
      .where("ended_at", "is", null)
      .execute(),
  );
}

/**
 * Ends the leases of earlier processes of this node, so that their runs can be taken over at once. `owner` is
 * `<node id>:<boot id>`. The caller knows that these processes are dead.
 */
export async function expireEarlierLeases(system: SystemDatabase, owner: string): Promise<void> {
  const [node = ""] = owner.split(":");
  await system.write((queries) =>
    queries
      .updateTable("runs")
      .set({ lease_until: EXPIRED })
      .where("ended_at", "is", null)
      .where("lease_owner", "like", `${node}:%`)
      .where("lease_owner", "<>", owner)
      .execute(),
  );
}

/** Precedes every time. */
const EXPIRED = "";
