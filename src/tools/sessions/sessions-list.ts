import { z } from "zod";
import { MINUTE, toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { defineTool, jsonPart } from "#runtime/tools/index.ts";
import { ownSessions } from "#tools/sessions/own-sessions.ts";

/** Lists the conversations of this agent with this user. */
export const sessionsListTool = defineTool({
  name: "sessions_list",
  group: "sessions",
  description: "List your conversations with this user, the latest used first.",
  arguments: z.object({
    limit: z.int().min(1).max(LIMITS.listMax).default(LIMITS.listDefault),
    active_minutes: z.int().min(1).max(5_256_000).optional().describe("Only those used in the last so many minutes"),
  }),
  effect: () => "read",
  run: async (environment, { limit, active_minutes }) => {
    const since = environment.clock.now().getTime() - (active_minutes ?? 0) * MINUTE;
    const rows = await ownSessions(environment)
      .select(["key", "label", "channel", "message_count", "created_at", "updated_at"])
      .$if(active_minutes !== undefined, (query) => query.where("updated_at", ">=", toTimestamp(new Date(since))))
      .orderBy("updated_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    const sessions = rows.map((row) => ({ ...row, is_current: row.key === environment.sessionKey }));
    return [jsonPart({ sessions })];
  },
});
