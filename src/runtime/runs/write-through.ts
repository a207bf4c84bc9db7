import type { TenantDatabase } from "#db/database.ts";
import type { FaultRetry } from "#db/fault-retry.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { hasEvents, type NumberedEvent } from "#runtime/runs/write-events.ts";

/** A row that only one unit of writes inserts, and only once. */
export interface Proof {
  readonly table: "messages" | "usage_records";
  readonly id: string;
}

/** What a unit of writes of a run stored. */
export interface Stored<Value> {
  readonly value: Value;
  readonly events: readonly NumberedEvent[];
  /** Needed by a unit that stores no events and may not run twice. */
  readonly proof?: Proof | undefined;
}

/** The database of a run, and how its writes wait for it. */
export interface RunStore {
  readonly db: TenantDatabase;
  readonly runId: string;
  readonly faults: FaultRetry;
}

/**
 * Runs a unit of writes until it is stored, through faults of the database. A fault hides whether the unit was
 * committed. Its events or its proof tell, so it is stored once.
 */
export function writeThrough<Value>(
  { db, runId, faults }: RunStore,
  unit: (queries: TenantQueries) => Promise<Stored<Value>>,
): Promise<Stored<Value>> {
  let last: Stored<Value> | undefined;
  return faults.run(async () => {
    if (last && (await wasStored(db, runId, last))) return last;
    return db.write(async (queries) => {
      last = await unit(queries);
      return last;
    });
  });
}

/** Locks the run first. A transaction that was cut off may hold it still, and its commit may be on its way. */
function wasStored(db: TenantDatabase, runId: string, { events, proof }: Stored<unknown>): Promise<boolean> {
  return db.write(async (queries) => {
    await queries.selectForUpdate("runs").select("id").where("id", "=", runId).executeTakeFirst();
    if (events.length > 0) return hasEvents(queries, runId, events);
    if (!proof) return false;
    const row = await queries.selectFrom(proof.table).select("id").where("id", "=", proof.id).executeTakeFirst();
    return row !== undefined;
  });
}
