import { AppError } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";
import { modelCallServices } from "#runtime/model-calls/index.ts";

/** Returns whether the agent's model can write files: its provider is there, and is not the demo. */
export async function canSummon(ctx: Context, { provider }: Pick<StoredAgent, "provider">): Promise<boolean> {
  try {
    const { providerType } = await ctx.use(modelCallServices).models.open(ctx.db, provider);
    return providerType !== "demo";
  } catch (thrown) {
    if (thrown instanceof AppError) return false;
    throw thrown;
  }
}

/** Throws 503 unless the agent's model can write files. */
export async function requireSummoner(ctx: Context, agent: StoredAgent): Promise<void> {
  if (await canSummon(ctx, agent)) return;
  throw new AppError("UNAVAILABLE", "error.no_summoner", { provider: agent.provider }, { reason: "no_summoner" });
}
