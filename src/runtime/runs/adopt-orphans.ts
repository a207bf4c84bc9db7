import type { ExpressionBuilder, Kysely } from "kysely";
import type { TenantId } from "#base/ids.ts";
import type { SystemDatabase, TenantDatabase } from "#db/database.ts";
import { databaseTime } from "#db/database-time.ts";
import type { RunsTable } from "#db/run-tables.ts";
import type { Tables } from "#db/tables.ts";
import type { Dialect } from "#db/tenant-queries.ts";
import { leaseEnd } from "#runtime/runs/lease.ts";

const PAGE = 100;

/** A run by its id and tenant. */
export interface RunReference {
  readonly tenantId: TenantId;
  readonly runId: string;
}

/** A run that this process now owns. */
export interface Adopted extends RunReference {
  /** False while the run waits for its session. */
  readonly isReady: boolean;
  readonly lastSeq: number;
}

/**
 * Takes over runs that no process works on: their lease has expired or was released. The database's time decides, so a
 * node with a wrong clock takes no live run. `owner` is `<node id>:<boot id>`.
 */
export async function adoptOrphans(system: SystemDatabase, owner: string): Promise<readonly Adopted[]> {
  const orphans = await system.read
    .selectFrom("runs")
    .select(["id", "status", "lease_owner"])
    .where(isOrphan(system.dialect))
    // Oldest first, because ids ascend. Reading in order of the index on ids would visit every stored run.
    .orderBy(system.planner.withoutIndex("id"))
    .limit(PAGE)
    .execute();
  const adopted = await Promise.all(orphans.map((orphan) => adopt(system, orphan, owner)));
  return adopted.flatMap((run) => run ?? []);
}

interface Orphan {
  readonly id: string;
  readonly status: string;
  readonly lease_owner: string | null;
}

async function adopt(
  system: SystemDatabase,
  { id, status, lease_owner }: Orphan,
  owner: string,
): Promise<Adopted | undefined> {
  // A released lease means that the last owner stopped in an orderly way. An owner that died before it began an attempt
  // does not count, so a run never has more deaths than attempts.
  const hasDied = lease_owner !== null && status !== "queued";
  return system.write(async (queries) => {
    const run = await queries
      .updateTable("runs")
      .set((row) => ({
        lease_owner: owner,
        lease_until: leaseEnd(system.dialect),
        deaths: row
          .case()
          .when("deaths", "<", row.ref("attempt"))
          .then(row("deaths", "+", hasDied ? 1 : 0))
          .else(row.ref("deaths"))
          .end(),
      }))
      .where("id", "=", id)
      .where(isOrphan(system.dialect))
      .returning(["tenant_id", "status", "last_seq"])
      .executeTakeFirst();
    if (!run) return undefined;
    const isReady = run.status !== "queued" || (await isActive(queries, id));
    return { tenantId: run.tenant_id, runId: id, isReady, lastSeq: run.last_seq };
  });
}

/**
 * Finds queued runs of this process that hold their session, for example because another process passed it on to them.
 */
export async function findReadyRuns(system: SystemDatabase, owner: string): Promise<readonly RunReference[]> {
  return system.read
    .selectFrom("runs")
    .select(["runs.id as runId", "runs.tenant_id as tenantId"])
    .where("runs.ended_at", "is", null)
    .where("runs.status", "=", "queued")
    .where("runs.lease_owner", "=", owner)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("sessions")
          .select("sessions.id")
          .whereRef("sessions.id", "=", "runs.session_id")
          .whereRef("sessions.active_run_id", "=", "runs.id"),
      ),
    )
    .limit(PAGE)
    .execute();
}

/** What this process needs to know of a run in order to work on it or to show it. */
export type RunState = Pick<RunsTable, "id" | "session_key" | "status" | "lease_owner" | "last_seq">;

export const findRunState = ({ read }: TenantDatabase, runId: string): Promise<RunState | undefined> =>
  read
    .selectFrom("runs")
    .select(["id", "session_key", "status", "lease_owner", "last_seq"])
    .where("id", "=", runId)
    .executeTakeFirst();

const isActive = async (queries: Kysely<Tables>, runId: string): Promise<boolean> =>
  (await queries.selectFrom("sessions").select("id").where("active_run_id", "=", runId).executeTakeFirst()) !==
  undefined;

const isOrphan = (dialect: Dialect) => (run: ExpressionBuilder<Tables, "runs">) =>
  run.and([
    run("ended_at", "is", null),
    run.or([run("lease_owner", "is", null), run("lease_until", "<", databaseTime(dialect))]),
  ]);
