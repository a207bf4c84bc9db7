import { setTimeout as sleep } from "node:timers/promises";
import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { chunk } from "#db/values.ts";
import { requireOwner, requireUser } from "#features/agents/access.ts";
import { agentDeleted } from "#features/agents/events.ts";
import { DEFAULT_AGENT_KEY, lockAgent } from "#features/agents/repository.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { openRunsOf } from "#runtime/runs/index.ts";
import { deleteMessagesOfAgent } from "#runtime/transcript/index.ts";

/** How long the agent's open runs have to end. */
const PATIENCE_MS = 5_000;
const BETWEEN_LOOKS_MS = 50;
const CANCELLED_AT_ONCE = 20;
const REASON = "its agent was deleted";

/**
 * Deletes an agent with its shares, context files, sessions and runs. Usage records and the activity log stay. Open runs
 * are cancelled first, so their followers receive an end and their usage is counted. A run that does not end within
 * `PATIENCE_MS` is cut off.
 */
export async function deleteAgent(ctx: Context, input: { readonly id: string }): Promise<void> {
  requireUser(ctx);
  const engine = ctx.use(runEngine);
  const cancelled = new Set<string>();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { isDeleted, running } = await deleteUnlessRunning(ctx, input.id, performance.now() >= deadline);
    if (isDeleted) {
      for (const id of running) engine.drop(id, REASON);
      return;
    }
    const open = running.filter((id) => !cancelled.has(id));
    for (const ids of chunk(open, CANCELLED_AT_ONCE)) {
      if (performance.now() >= deadline) break;
      await Promise.all(ids.map((id) => engine.cancel(ctx.db, id, REASON)));
      for (const id of ids) cancelled.add(id);
    }
    await sleep(BETWEEN_LOOKS_MS);
  }
}

interface Deletion {
  readonly isDeleted: boolean;
  readonly running: readonly string[];
}

function deleteUnlessRunning(ctx: Context, reference: string, mayCut: boolean): Promise<Deletion> {
  return mutate<Deletion, typeof agentDeleted>(ctx, agentDeleted, async (queries) => {
    const agent = await lockAgent(queries, reference);
    requireOwner(ctx, agent, "delete");
    const { id, key } = agent;
    if (key === DEFAULT_AGENT_KEY) throw failedPrecondition("error.agent_is_default", {}, "agent_is_default");
    const running = (await openRunsOf(queries, id).execute()).map((run) => run.id);
    if (running.length > 0 && !mayCut) return { unchanged: { isDeleted: false, running } };

    // No foreign key ties messages to the agent. All other tables follow it by `on delete cascade`.
    await deleteMessagesOfAgent(queries, id);
    await queries.deleteFrom("agents").where("id", "=", id).execute();
    return { entityId: id, value: { isDeleted: true, running }, details: { agent_key: key } };
  });
}
