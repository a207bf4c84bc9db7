import { toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { jobQueue } from "#core/jobs/job-queue.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

export const SUMMON_JOB = "agent-summon";
/** Failures of a model end a summoning. Only faults of the database lead to further attempts. */
const MAX_ATTEMPTS = 20;

export interface NewSummon {
  readonly agentId: string;
  /** `summon` writes the files from the agent's description, `regenerate` changes them as the prompt says. */
  readonly kind: "summon" | "regenerate";
  readonly prompt: string;
}

/** Begins to write an agent's files in the background. An earlier summoning of the agent comes to nothing. */
export async function beginSummon(ctx: Context, queries: TenantQueries, summon: NewSummon): Promise<void> {
  const { agentId, kind, prompt } = summon;
  const now = toTimestamp(ctx.clock.now());
  const token = newId();
  const values = { token, kind, prompt, error: null, updated_at: now };
  await queries
    .insertInto("agent_summons", { agent_id: agentId, ...values, created_at: now })
    .onConflict((conflict) => conflict.column("agent_id").doUpdateSet(values))
    .execute();
  await queries.updateTable("agents").set({ status: "summoning", updated_at: now }).where("id", "=", agentId).execute();
  const payload = { agent_id: agentId, token };
  await ctx.use(jobQueue).enqueue(queries, { name: SUMMON_JOB, key: agentId, payload, maxAttempts: MAX_ATTEMPTS });
}
