import { type Clock, toTimestamp } from "#base/clock.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { EndedRun, RunEnd, RunEndHook } from "#runtime/runs/index.ts";

const MAX_RESULT_CHARS = 1_000_000;

/** Creates the hook that closes the record of a task in the transaction in which its run ends. */
export const createCloseRecord =
  (clock: Clock): RunEndHook =>
  async (queries, { run, end }: EndedRun) => {
    if (run.kind !== "delegate") return;
    const calls = queries.selectFrom("usage_records").select(({ fn }) => fn.countAll<number>().as("count"));
    const { count } = await calls.where("run_id", "=", run.id).executeTakeFirstOrThrow();
    const at = clock.now();
    await queries
      .updateTable("delegations")
      .set({
        status: end.status,
        ...toOutcome(end),
        iterations: Number(count),
        trace_id: run.trace_id,
        duration_ms: Math.max(0, at.getTime() - new Date(run.created_at).getTime()),
        completed_at: toTimestamp(at),
        updated_at: toTimestamp(at),
      })
      .where("child_run_id", "=", run.id)
      .execute();
  };

function toOutcome(end: RunEnd): { readonly result: string | null; readonly error: string | null } {
  const result = end.output === undefined ? null : headOf(end.output, MAX_RESULT_CHARS);
  switch (end.status) {
    case "completed":
      return { result, error: null };
    case "failed":
      return { result, error: end.error.reason ?? end.error.code };
    case "cancelled":
      return { result, error: end.reason };
  }
}
