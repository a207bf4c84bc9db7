import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { prepareQuery } from "#db/prepared-query.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** Another process has taken the run over: whatever this one still wants to write of it is void. */
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

const reserve = prepareQuery<Lease & { readonly events: number }, { last_seq: number }>(
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
 * The fence of every write of a run: reserves numbers for `events` and returns the last one. The database
 * refuses, and we throw, when the attempt is no longer the run's or the run has ended.
 */
export async function passFence(queries: TenantQueries, lease: Lease, events: number): Promise<number> {
  const [row] = await reserve(queries, { ...lease, events });
  if (!row) throw leaseLost(lease);
  return row.last_seq;
}

export const leaseLost = ({ attempt, runId }: Lease) =>
  new LeaseLostError(`attempt ${attempt} of run ${runId} is over`);
