import { findOwnTask, openTasksOf } from "#features/delegation/spawn/own-tasks.ts";
import type { TaskDependencies } from "#features/delegation/tool/start-task.ts";
import type { ToolEnvironment } from "#runtime/tools/index.ts";

/** Cancels one task, or all that are out. Returns the ids of those that were still out. */
export async function cancelTasks(
  { engine }: TaskDependencies,
  environment: ToolEnvironment,
  reference: string | undefined,
): Promise<readonly string[]> {
  const tasks = reference === "all" ? await openTasksOf(environment) : [await findOwnTask(environment, reference)];
  const cancelled: string[] = [];
  for (const { id, child_run_id } of tasks) {
    if (await engine().cancel(environment.db, child_run_id, "the agent that gave the task cancelled it"))
      cancelled.push(id);
  }
  return cancelled;
}
