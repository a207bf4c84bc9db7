import { setTimeout as sleep } from "node:timers/promises";
import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { chunk } from "#db/values.ts";
import { lockOwnedAgent, requireDefaultAdmin, requireUser } from "#features/agents/access.ts";
import { agentDeleted } from "#features/agents/events.ts";
import { DEFAULT_AGENT_KEY } from "#features/agents/repository.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { openRunsOf } from "#runtime/runs/index.ts";
import { deleteMessagesOfAgent } from "#runtime/transcript/index.ts";
import { countUsageOf } from "#runtime/usage/index.ts";

/** How long the agent's open runs may take to end after their cancellation. */
const CANCEL_TIMEOUT_MS = 5_000;
const POLL_INTERVAL_MS = 50;
const CANCEL_BATCH_SIZE = 20;
const REASON = "its agent was deleted";

/**
 * Deletes an agent with its shares, context files, sessions and runs. Usage records and the activity log stay. Open
 * runs are cancelled first, so their followers receive an end and their usage is counted. A run that does not end
 * within `CANCEL_TIMEOUT_MS` is deleted while it is open. Throws `NOT_FOUND`, and `FAILED_PRECONDITION` for the agent
 * with the default key. Throws 403 if the caller does not own the agent. A default agent also needs an administrator.
 */
export async function deleteAgent(ctx: Context, input: { readonly id: string }): Promise<void> {
  requireUser(ctx);
  const engine = ctx.use(runEngine);
  const cancelled = new Set<string>();
  const deadline = performance.now() + CANCEL_TIMEOUT_MS;
  for (;;) {
    const { isDeleted, running } = await deleteUnlessRunning(ctx, input.id, performance.now() >= deadline);
    if (isDeleted) {
      for (const id of running) engine.drop(id, REASON);
      return;
    }
    const open = running.filter((id) => !cancelled.has(id));
    for (const ids of chunk(open, CANCEL_BATCH_SIZE)) {
      if (performance.now() >= deadline) break;
      await Promise.all(ids.map((id) => engine.cancel(ctx.db, id, REASON)));
      for (const id of ids) cancelled.add(id);
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

interface Deletion {
  readonly isDeleted: boolean;
  readonly running: readonly string[];
}

function deleteUnlessRunning(ctx: Context, reference: string, mayDeleteOpenRuns: boolean): Promise<Deletion> {
  return mutate<Deletion, typeof agentDeleted>(ctx, agentDeleted, async (queries) => {
    const agent = await lockOwnedAgent(ctx, queries, reference, "delete");
    const { id, key } = agent;
    if (key === DEFAULT_AGENT_KEY) throw failedPrecondition("error.agent_is_default", {}, "agent_is_default");
    if (agent.isDefault) requireDefaultAdmin(ctx);
    const running = (await openRunsOf(queries, id).execute()).map((run) => run.id);
    if (running.length > 0 && !mayDeleteOpenRuns) return { unchanged: { isDeleted: false, running } };

    await countUsageOf(queries, id);
    // Messages have no foreign key to the agent. All other rows are deleted by `on delete cascade`.
    await deleteMessagesOfAgent(queries, id);
    await queries.deleteFrom("agents").where("id", "=", id).execute();
    return { entityId: id, value: { isDeleted: true, running }, details: { agent_key: key } };
  });
}
