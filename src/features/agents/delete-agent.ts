import { setTimeout as sleep } from "node:timers/promises";
import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { chunk } from "#db/values.ts";
import { requireOwner, requireUser } from "#features/agents/access.ts";
import { DEFAULT_AGENT_KEY, lockAgent } from "#features/agents/repository.ts";
import { openRunsOf } from "#runtime/cancel-run.ts";
import { runEngine } from "#runtime/run-engine.ts";

/** How long its runs have to end. */
const PATIENCE_MS = 5_000;
const BETWEEN_LOOKS_MS = 50;
const CANCELLED_AT_ONCE = 20;
const REASON = "its agent was deleted";

/**
 * Removes an agent with its shares, context files, sessions and runs; what was used and paid stays on record. Its runs
 * under way are cancelled first, so that whoever follows them hears of it and what they used is counted. One that does
 * not end in time is cut off.
 */
export async function deleteAgent(ctx: Context, input: { readonly id: string }): Promise<void> {
  requireUser(ctx);
  const engine = ctx.use(runEngine);
  const asked = new Set<string>();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { isDeleted, running } = await deleteUnlessRunning(ctx, input.id, performance.now() >= deadline);
    if (isDeleted) {
      for (const id of running) engine.drop(id, REASON);
      return;
    }
    const unasked = running.filter((id) => !asked.has(id));
    for (const some of chunk(unasked, CANCELLED_AT_ONCE)) {
      if (performance.now() >= deadline) break;
      await Promise.all(some.map((id) => engine.cancel(ctx.db, id, REASON)));
      for (const id of some) asked.add(id);
    }
    await sleep(BETWEEN_LOOKS_MS);
  }
}

interface Deletion {
  readonly isDeleted: boolean;
  readonly running: readonly string[];
}

async function deleteUnlessRunning(ctx: Context, reference: string, mayCut: boolean): Promise<Deletion> {
  try {
    const running = await mutate(ctx, async (queries) => {
      const agent = await lockAgent(queries, reference);
      requireOwner(ctx, agent, "delete");
      const { id, key } = agent;
      if (key === DEFAULT_AGENT_KEY) throw failedPrecondition("error.agent_is_default", {}, "agent_is_default");
      const open = (await openRunsOf(queries, id).execute()).map((run) => run.id);
      if (open.length > 0 && !mayCut) throw new StillRunning(open);

      // Messages are the one table that no foreign key ties to the agent: all others follow it by `on delete cascade`.
      const sessions = queries.selectFrom("sessions").select("id").where("agent_id", "=", id);
      await queries.deleteFrom("messages").where("session_id", "in", sessions).execute();
      await queries.deleteFrom("agents").where("id", "=", id).execute();
      return { entityId: id, value: open, details: { agent_key: key } };
    });
    return { isDeleted: true, running };
  } catch (thrown) {
    if (thrown instanceof StillRunning) return { isDeleted: false, running: thrown.runIds };
    throw thrown;
  }
}

/** Takes the unit of writes back. */
class StillRunning extends Error {
  override readonly name = "StillRunning";
  readonly runIds: readonly string[];

  constructor(runIds: readonly string[]) {
    super("the agent has runs under way");
    this.runIds = runIds;
  }
}
