import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { requireLive } from "#core/live/require-live.ts";
import { defineOperation } from "#core/operation.ts";
import { getSessionRow } from "#features/sessions/repository.ts";
import { SessionPath } from "#features/sessions/schema.ts";

const Subscribed = z.object({
  key: z.string(),
  run_id: z.string().nullable().describe("The run that is active now, whose events follow"),
});

export const sessionSubscriptions = [
  defineOperation({
    name: "sessions.subscribe",
    access: ACCESS.read,
    summary: "Follow a session on this connection",
    description:
      "The run that is active is shown from its beginning or after a cursor, and each further run as it begins.",
    input: SessionPath.extend({ after: z.string().max(40).optional().describe("A cursor of the active run") }),
    output: Subscribed,
    run: async (ctx, { key, after = "" }) => {
      const live = requireLive(ctx);
      const session = await getSessionRow(ctx, key);
      live.showSession(session.key);
      const { active_run_id: run_id } = session;
      if (run_id !== null) live.restartRun(run_id, after);
      return { key: session.key, run_id };
    },
  }),
  defineOperation({
    name: "sessions.unsubscribe",
    access: ACCESS.read,
    summary: "Stop following a session on this connection",
    description: "A run that is shown already goes on being shown.",
    input: SessionPath,
    output: z.object({ key: z.string() }),
    run: async (ctx, { key }) => {
      requireLive(ctx).hideSession(key);
      return { key };
    },
  }),
];
