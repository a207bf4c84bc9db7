import type { Context } from "#core/context.ts";
import { getPathAgent, toViewer } from "#features/memory/access.ts";
import type { SearchInput } from "#features/memory/documents/schema.ts";
import { findPassages } from "#features/memory/search/find-passages.ts";
import { memoryVectors } from "#features/memory/vectors/memory-vectors.ts";
import { agentSource } from "#runtime/runs/index.ts";

/** Searches the documents of one agent, as its tool does. */
export async function searchDocuments(ctx: Context, input: SearchInput) {
  const { id: agentId } = await getPathAgent(ctx, input.agentID);
  const settings = (await ctx.use(agentSource).load(ctx.db, agentId))?.memory;
  const { query } = input;
  const view = { tenantId: ctx.tenantId, agentId, userId: toViewer(ctx, input.user_id) };
  const results = await findPassages(ctx.db.reports, {
    view,
    query,
    meaning: ctx.use(memoryVectors).meaningOf(ctx.db, { ...view, query }),
    maxResults: input.max_results ?? settings?.maxResults ?? 0,
    minScore: input.min_score ?? settings?.minScore ?? 0,
  });
  return { results: [...results], count: results.length };
}
