import type { QueryHandle } from "#db/tenant-queries.ts";

/** Statements that are committed together. */
export type Unit<Value> = (queries: QueryHandle) => Promise<Value>;

/** A unit that waits for its transaction. */
export interface Job {
  readonly run: Unit<unknown>;
  /** Called when the unit is committed, before it is on the disk. */
  readonly onCommit?: (value: unknown) => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** How a unit ended. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: unknown };

/** Tells everybody who waits how their units ended. The outcomes have the order of the jobs. */
export function settle(batch: readonly Job[], outcomes: readonly Outcome[]): void {
  batch.forEach((job, index) => {
    const outcome = outcomes[index] as Outcome;
    if (outcome.ok) job.resolve(outcome.value);
    else job.reject(outcome.reason);
  });
}

export const failAll = (batch: readonly Job[], reason: unknown): readonly Outcome[] =>
  batch.map(() => ({ ok: false, reason }));
