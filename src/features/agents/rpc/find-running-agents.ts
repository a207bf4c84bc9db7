import type { TenantReads } from "#db/tenant-queries.ts";

/** Returns the ids of the agents that work on a run. */
export async function findRunningAgents(queries: TenantReads): Promise<ReadonlySet<string>> {
  const rows = await queries.selectFrom("runs").select("agent_id").distinct().where("ended_at", "is", null).execute();
  return new Set(rows.map(({ agent_id }) => agent_id));
}
