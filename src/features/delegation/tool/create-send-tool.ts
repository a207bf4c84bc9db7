import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import type { TaskDependencies } from "#features/delegation/tool/start-task.ts";
import { defineTool, jsonPart, type Tool, type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";

/** Creates the tool by which an agent writes into another of its conversations with the same user. */
export const createSendTool = ({ engine }: TaskDependencies): Tool =>
  defineTool({
    name: "sessions_send",
    group: "sessions",
    description:
      "Send a message to another of your conversations with this user. You answer it there; it waits if you are at work there.",
    arguments: z.object({
      session_key: z.string().min(1).max(LIMITS.sessionKeyBytes).optional().describe("As sessions_list shows it"),
      label: z.string().min(1).max(200).optional().describe("The title of the conversation, instead of its key"),
      message: z.string().min(1).max(LIMITS.delegationTaskChars),
    }),
    effect: () => "once",
    async run(environment, { session_key, label, message }) {
      const { db, agentId, agentKey, userId, call, sessionKey } = environment;
      const key = await findSession(environment, session_key, label);
      if (key === sessionKey) throw new ToolError("This is the conversation that you are in.");
      const { runId } = await engine().accept(
        { db, requestId: call?.runId ?? "" },
        {
          agent: { id: agentId, key: agentKey },
          session: { key, agentId, agentKey, userId, channel: "delegate", mayUseAny: false },
          kind: "announce",
          isAttached: false,
          onBusy: "queue",
          messages: [
            { role: "user", parts: [{ type: "text", text: `[From another of your conversations]\n${message}` }] },
          ],
          options: { settings: {}, clientTools: [] },
          metadata: {},
          parentRunId: call?.runId,
        },
      );
      return [jsonPart({ status: "accepted", session_key: key, run_id: runId })];
    },
  });

async function findSession(
  { db, agentId, userId }: ToolEnvironment,
  key: string | undefined,
  label: string | undefined,
): Promise<string> {
  if (key === undefined && label === undefined) throw new ToolError("Name the conversation by session_key or label.");
  const own = db.read
    .selectFrom("sessions")
    .select("key")
    .where("agent_id", "=", agentId)
    .where("user_id", "=", userId);
  const [found, another] = await (key === undefined ? own.where("label", "=", label ?? "") : own.where("key", "=", key))
    .limit(2)
    .execute();
  if (!found) throw new ToolError("You have no such conversation with this user.");
  if (another) throw new ToolError("Several conversations have this title. Name one by its session_key.");
  return found.key;
}
