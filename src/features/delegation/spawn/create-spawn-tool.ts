import { z } from "zod";
import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { cancelTasks } from "#features/delegation/spawn/cancel-tasks.ts";
import { findOwnTask, listOwnTasks } from "#features/delegation/spawn/own-tasks.ts";
import { spawnTask } from "#features/delegation/spawn/spawn-task.ts";
import { steerTask } from "#features/delegation/spawn/steer-task.ts";
import { waitForTask } from "#features/delegation/spawn/wait-for-task.ts";
import type { TaskDependencies } from "#features/delegation/tool/start-task.ts";
import { toResult } from "#features/delegation/tool/to-result.ts";
import { waitForChild } from "#features/delegation/tool/wait-for-child.ts";
import { defineTool, jsonPart, type Tool, ToolError } from "#runtime/tools/index.ts";

const MAX_SECONDS = LIMITS.delegationWaitMax / SECOND;
const Task = z.string().min(1).max(LIMITS.delegationTaskChars);

/**
 * Creates the tool by which an agent lets copies of itself work on tasks beside it. A copy starts no further copies. A
 * call that is repeated after a crash finds the task that it started before.
 */
export const createSpawnTool = (dependencies: TaskDependencies): Tool =>
  defineTool({
    name: "spawn",
    group: "sessions",
    description:
      "Let a copy of yourself work on a task in a conversation of its own, and list, wait for, steer or cancel such tasks. With the mode async the result reaches this conversation later.",
    arguments: z.object({
      action: z.enum(["spawn", "list", "wait", "steer", "cancel"]).default("spawn"),
      task: Task.optional().describe("For spawn: everything that the copy has to know"),
      mode: z.enum(["async", "sync"]).default("async"),
      label: z.string().max(100).default("").describe("A short name for the task"),
      id: z
        .string()
        .max(100)
        .optional()
        .describe('For wait, steer and cancel: an id, a label, "last", or "all" to cancel'),
      message: Task.optional().describe("For steer: what the copy should know or do"),
      timeout: z
        .int()
        .min(1)
        .max(MAX_SECONDS)
        .default(LIMITS.delegationWait / SECOND)
        .describe("Seconds to wait"),
    }),
    effect: ({ action }) =>
      action === "list" || action === "wait" ? "read" : action === "steer" ? "once" : "idempotent",
    async run(environment, input, signal) {
      const { call, db } = environment;
      if (!call) throw new ToolError("Only a run can start tasks.");
      const waiting = { timeoutMs: input.timeout * SECOND, signal };
      switch (input.action) {
        case "spawn": {
          const { task, label, mode } = input;
          if (task === undefined) throw new ToolError("Say which task: the argument task is missing.");
          const { id, childRunId } = await spawnTask(dependencies, environment, call, { task, label, mode });
          if (mode === "async") return [jsonPart({ status: "accepted", id, label })];
          await waitForChild(dependencies, db, childRunId, waiting);
          return toResult(db, id);
        }
        case "list":
          return [jsonPart({ tasks: await listOwnTasks(environment) })];
        case "wait":
          return waitForTask(dependencies, db, await findOwnTask(environment, input.id), waiting);
        case "steer":
          return steerTask(dependencies, environment, await findOwnTask(environment, input.id), input.message);
        case "cancel":
          return [jsonPart({ cancelled: await cancelTasks(dependencies, environment, input.id) })];
      }
    },
  });
