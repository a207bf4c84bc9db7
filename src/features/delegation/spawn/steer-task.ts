import type { DelegationsTable } from "#db/delegation-tables.ts";
import type { TaskDependencies } from "#features/delegation/tool/start-task.ts";
import { jsonPart, type ToolEnvironment, ToolError, type ToolPart } from "#runtime/tools/index.ts";

/** Tells a copy something while it works. Throws `ToolError` if it has ended. */
export async function steerTask(
  { engine }: TaskDependencies,
  { db, agentId, agentKey, userId, call }: ToolEnvironment,
  { id, status, child_run_id }: DelegationsTable,
  message: string | undefined,
): Promise<readonly ToolPart[]> {
  if (message === undefined) throw new ToolError("Say what the copy should know: the argument message is missing.");
  const run = await db.read.selectFrom("runs").select("session_key").where("id", "=", child_run_id).executeTakeFirst();
  if (status !== "running" || !run) throw new ToolError("This task has ended.");
  await engine().accept(
    { db, requestId: child_run_id },
    {
      agent: { id: agentId, key: agentKey },
      session: { key: run.session_key, agentId, agentKey, userId, channel: "delegate", mayUseAny: false },
      kind: "announce",
      isAttached: false,
      onBusy: "steer",
      messages: [{ role: "user", parts: [{ type: "text", text: message }] }],
      // The copy may have ended a moment ago, and a new run begins.
      options: { settings: {}, clientTools: [], ...call?.left() },
      metadata: { delegation_id: id },
    },
  );
  return [jsonPart({ id, status: "steered" })];
}
