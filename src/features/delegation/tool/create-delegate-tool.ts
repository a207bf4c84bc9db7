import { z } from "zod";
import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { type HandOnDependencies, handOn } from "#features/delegation/tool/hand-on.ts";
import { toResult } from "#features/delegation/tool/to-result.ts";
import { waitForChild } from "#features/delegation/tool/wait-for-child.ts";
import { defineTool, jsonPart, type Tool, ToolError } from "#runtime/tools/index.ts";

export type DelegateDependencies = HandOnDependencies;

const SECONDS = LIMITS.delegationWait / SECOND;
const MAX_SECONDS = LIMITS.delegationWaitMax / SECOND;

/**
 * Creates the tool that hands a task to another agent. A call that is repeated after a crash finds the task that it
 * handed on before. Whoever stops the run also stops a task for which the run waits.
 */
export const createDelegateTool = (colleagues: string, dependencies: DelegateDependencies): Tool =>
  defineTool({
    name: "delegate",
    group: "delegation",
    description: `Hand a task to another agent, which works on it in a conversation of its own. With the mode "sync" you wait for its answer. With "async" you go on, and the answer reaches this conversation later. Agents:\n${colleagues}`,
    arguments: z.object({
      agent_key: z.string().min(1).max(200).describe("Which agent"),
      task: z
        .string()
        .min(1)
        .max(LIMITS.delegationTaskChars)
        .describe("Everything that the agent has to know: it does not see this conversation"),
      mode: z.enum(["sync", "async"]).default("sync"),
      timeout: z.int().min(1).max(MAX_SECONDS).default(SECONDS).describe("Seconds to wait with the mode sync"),
    }),
    effect: () => "idempotent",
    async run(environment, { agent_key: key, task, mode, timeout }, signal) {
      const { call, db } = environment;
      if (!call) throw new ToolError("Only a run can hand on a task.");
      const handed = await handOn(dependencies, environment, call, { key, task, mode });
      const accepted = { delegation_id: handed.id, agent: key };
      if (mode === "async") return [jsonPart({ ...accepted, status: "accepted" })];
      await waitForChild(dependencies, db, handed.childRunId, { timeoutMs: timeout * SECOND, signal });
      return toResult(db, handed.id);
    },
  });
