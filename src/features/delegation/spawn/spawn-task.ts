import { LIMITS } from "#base/limits.ts";
import { openTasksOf } from "#features/delegation/spawn/own-tasks.ts";
import { requireRunRoom } from "#features/delegation/tool/require-run-room.ts";
import {
  findTask,
  type NewTask,
  pathOf,
  type StartedTask,
  startTask,
  type TaskDependencies,
} from "#features/delegation/tool/start-task.ts";
import { type CallPlace, type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";

const INSTRUCTIONS = `You are a copy of the agent that gives you this task. Do this task and nothing else, and ask no questions.
Your last answer is the result, and it goes to that agent alone.`;

/** Starts a copy of the run's own agent. Throws `ToolError` in a copy, and where a limit is reached. */
export async function spawnTask(
  dependencies: TaskDependencies,
  environment: ToolEnvironment,
  call: CallPlace,
  task: Pick<NewTask, "task" | "label" | "mode">,
): Promise<StartedTask> {
  const { db, agentId } = environment;
  const earlier = await findTask(db.read, call);
  if (earlier) return earlier;
  const path = await pathOf(db.read, agentId, call);
  if (path.indexOf(agentId) < path.length - 1) throw new ToolError("A copy of an agent cannot start further copies.");
  await requireRunRoom(db.read, call);
  const open = await openTasksOf(environment);
  if (open.length >= LIMITS.spawnedAtOnce) throw new ToolError("Too many tasks are out. Wait for some of them.");
  const target = await dependencies.agents.find(db, agentId);
  if (!target) throw new ToolError("This agent is gone.");
  return startTask(dependencies, environment, call, { ...task, target, path, instructions: INSTRUCTIONS });
}
