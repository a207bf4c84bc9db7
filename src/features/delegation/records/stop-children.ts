import type { DeliverDependencies } from "#features/delegation/records/deliver-result.ts";
import type { RunObserver } from "#runtime/after-run/index.ts";

/** Creates the observer that stops the tasks for which a cancelled run waited. Asynchronous ones go on. */
export const createStopChildren = ({ engine }: Pick<DeliverDependencies, "engine">): RunObserver => ({
  name: "delegation-stop",
  wants: ({ end }) => end.status !== "completed",
  async observe({ db, runId }) {
    const open = await db.read
      .selectFrom("delegations")
      .select("child_run_id")
      .where("parent_run_id", "=", runId)
      .where("mode", "=", "sync")
      .where("status", "=", "running")
      .execute();
    for (const { child_run_id } of open)
      await engine().cancel(db, child_run_id, "the run that waited for it has ended");
  },
});
