import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
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

/**
 * The fence in front of every write of a run: reserves numbers for `events` and returns the last one. The database
 * refuses, and we throw, when the attempt is no longer the run's or the run has ended.
 */
export async function passFence(queries: TenantQueries, lease: Lease, events: number): Promise<number> {
  const row = await queries
    .updateTable("runs")
    .set((run) => ({ last_seq: run("last_seq", "+", events) }))
    .where("id", "=", lease.runId)
    .where("attempt", "=", lease.attempt)
    .where("lease_owner", "=", lease.owner)
    .where("status", "in", ["running", "waiting"])
    .returning("last_seq")
    .executeTakeFirst();
  if (!row) throw new LeaseLostError(`attempt ${lease.attempt} of run ${lease.runId} is over`);
  return row.last_seq;
}
