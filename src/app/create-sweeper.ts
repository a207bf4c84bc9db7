import { type Clock, toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { SystemDatabase } from "#db/database.ts";

/** Deletes what has a date on it: old idempotency keys, and the events of runs that ended long ago. */
export interface Sweeper {
  start(): void;
  stop(): void;
}

export function createSweeper(system: SystemDatabase, clock: Clock, logger: Logger): Sweeper {
  let timer: NodeJS.Timeout | undefined;
  const sweep = async () => {
    const now = clock.now();
    const eventsBefore = toTimestamp(new Date(now.getTime() - LIMITS.eventRetention));
    await system.write((queries) =>
      queries.deleteFrom("idempotency_keys").where("expires_at", "<", toTimestamp(now)).execute(),
    );
    await system.write((queries) =>
      queries
        .deleteFrom("run_events")
        .where("run_id", "in", (run) => run.selectFrom("runs").select("id").where("ended_at", "<", eventsBefore))
        .execute(),
    );
  };
  return {
    start() {
      timer = setInterval(() => {
        sweep().catch((error: unknown) => logger.warn({ error }, "old rows could not be deleted"));
      }, LIMITS.sweepInterval);
    },
    stop: () => clearInterval(timer),
  };
}
