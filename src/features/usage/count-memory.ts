import { sql } from "kysely";
import type { Context } from "#core/context.ts";
import { quarterOf } from "#db/expressions/quarter-of.ts";
import type { FactFilter } from "#runtime/usage/index.ts";

/** How much memory there was at a time, of the documents that exist now. */
export interface MemoryCounts {
  before(quarter: number): { readonly memory_docs: number; readonly memory_chunks: number };
}

/** Counts the documents of memory that the caller's usage could come from, by the time when they were made. */
export async function countMemory(ctx: Context, { agent_id, user_id }: FactFilter): Promise<MemoryCounts> {
  const made = quarterOf(ctx.db.reports.dialect, "created_at");
  const rows = await ctx.db.reports
    .selectFrom("memory_documents")
    .$if(agent_id !== undefined, (query) => query.where("agent_id", "=", agent_id ?? ""))
    .$if(user_id !== undefined, (query) => query.where("user_id", "=", user_id ?? ""))
    .select([made.as("quarter"), sql<number>`count(*)`.as("documents"), sql<number>`sum(chunk_count)`.as("chunks")])
    .groupBy("quarter")
    .execute();
  return {
    before(quarter) {
      let [memory_docs, memory_chunks] = [0, 0];
      for (const row of rows) {
        if (Number(row.quarter) >= quarter) continue;
        memory_docs += Number(row.documents);
        memory_chunks += Number(row.chunks);
      }
      return { memory_docs, memory_chunks };
    },
  };
}
