import { type Clock, toTimestamp } from "#base/clock.ts";
import { idBound } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { SystemDatabase } from "#db/database.ts";

/** Deletes what has a date on it: old idempotency keys, and the events of runs that ended long ago. */
export interface Sweeper {
  /** Sweeps now and from then on every hour. */
  start(): void;
  sweep(): Promise<void>;
  stop(): void;
}

/** Keys, and runs, that one transaction deletes: few enough to hold no other writer up. */
const AT_ONCE = 100;

export function createSweeper(system: SystemDatabase, clock: Clock, logger: Logger): Sweeper {
  let timer: NodeJS.Timeout | undefined;
  const sweep = async () => {
    const now = clock.now();
    await deleteKeys(system, toTimestamp(now));
    await deleteEvents(system, new Date(now.getTime() - LIMITS.eventRetention));
  };
  const sweepBeside = () => {
    sweep().catch((error: unknown) => logger.warn({ error }, "old rows could not be deleted"));
  };
  return {
    start() {
      sweepBeside();
      timer = setInterval(sweepBeside, LIMITS.sweepInterval);
    },
    sweep,
    stop: () => clearInterval(timer),
  };
}

async function deleteKeys(system: SystemDatabase, now: string): Promise<void> {
  let deleted: number;
  do {
    const { numDeletedRows } = await system.write((queries) =>
      queries
        .deleteFrom("idempotency_keys")
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple("tenant_id", "principal", "route", "key"),
            "in",
            selectFrom("idempotency_keys")
              .select(["tenant_id", "principal", "route", "key"])
              .where("expires_at", "<", now)
              .limit(AT_ONCE)
              .$asTuple("tenant_id", "principal", "route", "key"),
          ),
        )
        .executeTakeFirst(),
    );
    deleted = Number(numDeletedRows);
  } while (deleted === AT_ONCE);
}

/** Events lie in the order of their runs' ids, which is that of time: nothing younger is looked at. */
async function deleteEvents(system: SystemDatabase, before: Date): Promise<void> {
  let runs: readonly string[];
  do {
    const found = await system.read
      .selectFrom("run_events")
      .innerJoin("runs", "runs.id", "run_events.run_id")
      .select("run_events.run_id")
      .distinct()
      .where("run_events.run_id", "<", idBound(before))
      .where("runs.ended_at", "<", toTimestamp(before))
      .orderBy("run_events.run_id")
      .limit(AT_ONCE)
      .execute();
    runs = found.map(({ run_id }) => run_id);
    const ids = runs;
    if (ids.length > 0)
      await system.write((queries) => queries.deleteFrom("run_events").where("run_id", "in", ids).execute());
  } while (runs.length === AT_ONCE);
}
