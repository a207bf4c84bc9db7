import type { TenantDatabase } from "#db/database.ts";
import { jsonPart, ToolError, type ToolPart, untrustedPart } from "#runtime/tools/index.ts";

/** Returns the result of a task as the model reads it. Throws `ToolError` for a task that did not complete. */
export async function toResult(db: TenantDatabase, id: string): Promise<readonly ToolPart[]> {
  const record = await db.read.selectFrom("delegations").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const { status, result, error, target_agent_key: agent } = record;
  if (status === "running") throw new ToolError("The task is still out.");
  if (status !== "completed") throw new ToolError(`The agent ${agent} did not finish its task: ${error ?? status}.`);
  return [jsonPart({ delegation_id: id, agent, status }), untrustedPart(`agent ${agent}`, result ?? "")];
}
