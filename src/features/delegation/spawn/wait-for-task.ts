import { toTimestamp } from "#base/clock.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { DelegationsTable } from "#db/delegation-tables.ts";
import type { TaskDependencies } from "#features/delegation/tool/start-task.ts";
import { toResult } from "#features/delegation/tool/to-result.ts";
import { type WaitOptions, waitForChild } from "#features/delegation/tool/wait-for-child.ts";
import type { ToolPart } from "#runtime/tools/index.ts";

/**
 * Waits for a task that is out already, and returns its result. Whoever waits gets the result, so it does not reach the
 * conversation by itself as well, unless the task outlasts the wait.
 */
export async function waitForTask(
  dependencies: TaskDependencies,
  db: TenantDatabase,
  { id, child_run_id }: DelegationsTable,
  options: WaitOptions,
): Promise<readonly ToolPart[]> {
  await markDelivered(db, id, toTimestamp(dependencies.clock.now()));
  try {
    await waitForChild(dependencies, db, child_run_id, { ...options, leavesIt: true });
    return await toResult(db, id);
  } finally {
    await unmarkRunning(db, id);
  }
}

const markDelivered = (db: TenantDatabase, id: string, at: string): Promise<unknown> =>
  db.write((queries) =>
    queries
      .updateTable("delegations")
      .set({ delivered_at: at })
      .where("id", "=", id)
      .where("delivered_at", "is", null)
      .execute(),
  );

const unmarkRunning = (db: TenantDatabase, id: string): Promise<unknown> =>
  db.write((queries) =>
    queries
      .updateTable("delegations")
      .set({ delivered_at: null })
      .where("id", "=", id)
      .where("status", "=", "running")
      .execute(),
  );
