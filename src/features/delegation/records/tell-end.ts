import type { EventBus } from "#core/events/events.ts";
import { delegationEnded } from "#features/delegation/events.ts";
import type { RunObserver } from "#runtime/after-run/index.ts";

/** Creates the observer that tells clients of the ends of tasks. */
export const createTellEnd = (events: EventBus): RunObserver => ({
  name: "delegation-news",
  wants: ({ run }) => run.kind === "delegate",
  async observe({ db, runId }) {
    const row = await db.read
      .selectFrom("delegations")
      .selectAll()
      .where("child_run_id", "=", runId)
      .executeTakeFirst();
    if (!row || row.status === "running") return;
    events.publish(delegationEnded, {
      ...{ tenantId: db.tenantId, entityId: row.id, userId: row.user_id },
      payload: {
        ...{ source_agent_id: row.source_agent_id, source_agent_key: row.source_agent_key },
        ...{ target_agent_id: row.target_agent_id, target_agent_key: row.target_agent_key },
        ...{ mode: row.mode, status: row.status as "completed" | "failed" | "cancelled", created_at: row.created_at },
        ...(row.error !== null && { error: row.error }),
        ...(row.duration_ms !== null && { elapsed_ms: row.duration_ms }),
      },
    });
  },
});
