import { LIMITS } from "#base/limits.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { type CallPlace, ToolError } from "#runtime/tools/index.ts";

/** Throws `ToolError` if a run has given away as many tasks as it may. */
export async function requireRunRoom(queries: TenantReads, { runId }: CallPlace): Promise<void> {
  const rows = queries.selectFrom("delegations").select(({ fn }) => fn.countAll<number>().as("count"));
  const { count } = await rows.where("parent_run_id", "=", runId).executeTakeFirstOrThrow();
  if (Number(count) >= LIMITS.delegationsPerRun) throw new ToolError("This run has given away too many tasks.");
}
