import { z } from "zod";
import { Identity } from "#core/access/identity.ts";
import { defineTool, jsonPart } from "#runtime/tools/index.ts";
import { getOwnSession } from "#tools/sessions/own-sessions.ts";

/** Describes one conversation of this agent with this user. */
export const sessionStatusTool = defineTool({
  name: "session_status",
  group: "sessions",
  description: "Tell the model, tokens, messages, compactions and times of a conversation; the current one by default.",
  arguments: z.object({
    session_key: Identity.min(1).max(1_000).optional().describe("As sessions_list shows it"),
  }),
  effect: () => "read",
  run: async (environment, { session_key = environment.sessionKey }) => {
    const session = await getOwnSession(environment, session_key);
    const agent = await environment.db.read
      .selectFrom("agents")
      .select(["provider", "model"])
      .where("id", "=", environment.agentId)
      .executeTakeFirst();
    return [
      jsonPart({
        key: session.key,
        agent: environment.agentKey,
        provider: agent?.provider,
        model: agent?.model,
        label: session.label || undefined,
        channel: session.channel,
        messages: session.message_count,
        input_tokens: session.input_tokens,
        output_tokens: session.output_tokens,
        compactions: session.compaction_count,
        is_running: session.active_run_id !== null,
        created_at: session.created_at,
        updated_at: session.updated_at,
      }),
    ];
  },
});
