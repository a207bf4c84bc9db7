import type { ExpressionBuilder, Kysely } from "kysely";
import { type Clock, SECOND, toTimestamp } from "#base/clock.ts";
import { MASTER_TENANT_ID, newId, type TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { JobCounts, JobHandler, NewJob } from "#core/jobs/job-queue.ts";
import type { JobsTable } from "#db/core/core-tables.ts";
import type { SystemDatabase } from "#db/database.ts";
import { databaseTime } from "#db/database-time.ts";
import type { Tables } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";

const ERROR_CHARS = 500;
const FIRST_RETRY_MS = 1 * SECOND;
const RECURRING_ATTEMPTS = 5;
/** The end of a lease that precedes every time. */
const EXPIRED = "";

/** The number of jobs of each tenant that a process works on. */
export type AtWork = ReadonlyMap<TenantId, number>;

/** The rows of the job queue. A write to a claimed job takes effect only while this process still owns the attempt. */
export class JobStore {
  readonly #system: SystemDatabase;
  /** `<node id>:<boot id>` of this process. */
  readonly #owner: string;
  readonly #clock: Clock;

  readonly #perTenant: number;

  /** `perTenant` is the most jobs of one tenant that this process works on. */
  constructor(system: SystemDatabase, owner: string, clock: Clock, perTenant: number = LIMITS.jobsPerTenant) {
    this.#system = system;
    this.#owner = owner;
    this.#clock = clock;
    this.#perTenant = perTenant;
  }

  async insert(queries: TenantQueries, { name, key, payload, runAt, maxAttempts }: NewJob): Promise<void> {
    const now = this.#clock.now();
    const insert = queries.insertInto("jobs", {
      id: newId(),
      name,
      key: key ?? null,
      payload: toJson(payload),
      run_at: toTimestamp(runAt ?? now),
      attempt: 0,
      max_attempts: maxAttempts,
      lease_owner: null,
      lease_until: null,
      must_repeat: toBit(false),
      error: null,
      dead_at: null,
      created_at: toTimestamp(now),
    });
    await insert
      .onConflict((conflict) =>
        conflict
          .columns(["tenant_id", "name", "key"])
          .where("key", "is not", null)
          .where("dead_at", "is", null)
          .doUpdateSet((row) => ({
            payload: row.ref("excluded.payload"),
            must_repeat: row.case().when("jobs.lease_owner", "is", null).then(toBit(false)).else(toBit(true)).end(),
          })),
      )
      .execute();
  }

  /** Adds a recurring job unless it exists. Its schedule survives restarts. */
  async insertRecurring({ name }: JobHandler): Promise<void> {
    await this.#system.write(async (queries) => {
      const scoped = this.#system.scope(queries, MASTER_TENANT_ID);
      const known = await scoped
        .selectFrom("jobs")
        .select("id")
        .where("name", "=", name)
        .where("key", "=", name)
        .limit(1)
        .execute();
      if (known.length > 0) return;
      await this.insert(scoped, { name, key: name, payload: {}, maxAttempts: RECURRING_ATTEMPTS });
    });
  }

  /**
   * Takes due jobs under a lease. Other processes skip them. `atWork` counts the jobs of each tenant that this process
   * works on. No tenant gets more than its share.
   */
  async claim(names: readonly string[], limit: number, atWork: AtWork = new Map()): Promise<readonly JobsTable[]> {
    const isDue = this.#isDue(names, atWork);
    const due = await this.#system.read.selectFrom("jobs").select("id").where(isDue).limit(1).execute();
    // Usually no job is due, and a read costs less than an empty transaction.
    if (due.length === 0) return [];
    return this.#system.write(async (queries) => {
      const rows = queries.selectFrom("jobs").select(["id", "tenant_id"]).where(isDue).orderBy("run_at").limit(limit);
      const found = await (this.#system.dialect === "postgres" ? rows.forUpdate().skipLocked() : rows).execute();
      const free = withinShare(found, atWork, this.#perTenant);
      if (free.length === 0) return [];
      return queries
        .updateTable("jobs")
        .set((row) => ({ lease_owner: this.#owner, lease_until: this.#leaseEnd(), attempt: row("attempt", "+", 1) }))
        .where(
          "id",
          "in",
          free.map(({ id }) => id),
        )
        .returningAll()
        .execute();
    });
  }

  async renew(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#system.write((queries) =>
      queries
        .updateTable("jobs")
        .set({ lease_until: this.#leaseEnd() })
        .where("id", "in", ids)
        .where("lease_owner", "=", this.#owner)
        .execute(),
    );
  }

  /** Ends a successful attempt: deletes the job, or schedules its next run. */
  async complete(job: JobsTable, every: number | undefined): Promise<void> {
    await this.#system.write(async (queries) => {
      const held = await this.#lockHeld(queries, job);
      if (!held) return;
      const pause = held.must_repeat === 1 ? 0 : every;
      if (pause === undefined) {
        await queries.deleteFrom("jobs").where(this.#isHeld(job)).execute();
        return;
      }
      await queries
        .updateTable("jobs")
        .set({ ...this.#free(pause), attempt: 0, must_repeat: toBit(false), error: null })
        .where(this.#isHeld(job))
        .execute();
    });
  }

  /**
   * Ends a failed attempt: schedules a retry with back-off, or buries the job after its last attempt. A recurring job
   * starts anew after its pause, and a job that was enqueued again meanwhile starts anew at once.
   */
  async fail(job: JobsTable, thrown: unknown, every: number | undefined): Promise<{ readonly isDead: boolean }> {
    const error = headOf(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown), ERROR_CHARS);
    return this.#system.write(async (queries) => {
      const mustRepeat = (await this.#lockHeld(queries, job))?.must_repeat === 1;
      const isLast = job.attempt >= job.max_attempts;
      const isDead = isLast && every === undefined && !mustRepeat;
      const restarted = { ...this.#free(mustRepeat ? 0 : (every ?? 0)), attempt: 0, must_repeat: toBit(false) };
      const retried = isLast ? restarted : this.#free(retryDelay(job.attempt));
      const buried = { ...this.#free(0), dead_at: toTimestamp(this.#clock.now()) };
      await queries
        .updateTable("jobs")
        .set({ ...(isDead ? buried : retried), error })
        .where(this.#isHeld(job))
        .execute();
      return { isDead };
    });
  }

  /** Ends an attempt that wants to be made again at a time. It does not count. */
  async postpone(job: JobsTable, until: Date): Promise<void> {
    await this.#system.write((queries) =>
      queries
        .updateTable("jobs")
        .set((row) => ({
          ...this.#free(until.getTime() - this.#clock.now().getTime()),
          attempt: row("attempt", "-", 1),
          must_repeat: toBit(false),
        }))
        .where(this.#isHeld(job))
        .execute(),
    );
  }

  /** Releases a job whose attempt was aborted. The attempt does not count. */
  async release(job: JobsTable): Promise<void> {
    await this.#system.write((queries) =>
      queries
        .updateTable("jobs")
        .set((row) => ({ lease_owner: null, lease_until: null, attempt: row("attempt", "-", 1) }))
        .where(this.#isHeld(job))
        .execute(),
    );
  }

  async count(): Promise<JobCounts> {
    const now = this.#clock.now();
    const live = await this.#system.read
      .selectFrom("jobs")
      .select(({ fn }) => [fn.countAll<number>().as("waiting"), fn.min<string | null>("run_at").as("first")])
      .where("dead_at", "is", null)
      .executeTakeFirstOrThrow();
    const { dead } = await this.#system.read
      .selectFrom("jobs")
      .select(({ fn }) => fn.countAll<number>().as("dead"))
      .where("dead_at", "is not", null)
      .executeTakeFirstOrThrow();
    const due = live.first === null ? 0 : now.getTime() - Date.parse(live.first);
    return { waiting: Number(live.waiting), dead: Number(dead), oldestDueSeconds: Math.max(0, due / SECOND) };
  }

  /** Ends the leases of earlier processes of this node. The caller knows that they are dead. */
  async expireEarlierLeases(): Promise<void> {
    const [node = ""] = this.#owner.split(":");
    await this.#system.write((queries) =>
      queries
        .updateTable("jobs")
        .set({ lease_until: EXPIRED })
        .where("lease_owner", "like", `${node}:%`)
        .where("lease_owner", "<>", this.#owner)
        .execute(),
    );
  }

  /** A job is due if no process holds its lease. The database's time decides that. */
  #isDue(names: readonly string[], atWork: AtWork) {
    const full = [...atWork].flatMap(([tenantId, count]) => (count < this.#perTenant ? [] : tenantId));
    const now = toTimestamp(this.#clock.now());
    return (job: ExpressionBuilder<Tables, "jobs">) =>
      job.and([
        job("dead_at", "is", null),
        job("run_at", "<=", now),
        job("name", "in", names),
        ...full.map((tenantId) => job("tenant_id", "<>", tenantId)),
        job.or([job("lease_owner", "is", null), job("lease_until", "<", databaseTime(this.#system.dialect))]),
      ]);
  }

  /** Locks the row, so that an enqueue of the same key waits and then sees how the attempt ended. */
  #lockHeld(queries: Kysely<Tables>, job: JobsTable): Promise<Pick<JobsTable, "must_repeat"> | undefined> {
    const held = queries.selectFrom("jobs").select("must_repeat").where(this.#isHeld(job));
    return (this.#system.dialect === "postgres" ? held.forUpdate() : held).executeTakeFirst();
  }

  #isHeld({ id, attempt }: JobsTable) {
    return (job: ExpressionBuilder<Tables, "jobs">) =>
      job.and([job("id", "=", id), job("attempt", "=", attempt), job("lease_owner", "=", this.#owner)]);
  }

  #leaseEnd() {
    return databaseTime(this.#system.dialect, LIMITS.leaseTime);
  }

  #free(pauseMs: number) {
    const runAt = toTimestamp(new Date(this.#clock.now().getTime() + pauseMs));
    return { lease_owner: null, lease_until: null, run_at: runAt };
  }
}

/** Leaves out the jobs of a tenant beyond its share. */
function withinShare<Job extends Pick<JobsTable, "tenant_id">>(
  jobs: readonly Job[],
  atWork: AtWork,
  perTenant: number,
): readonly Job[] {
  const counts = new Map(atWork);
  return jobs.filter(({ tenant_id }) => {
    const count = counts.get(tenant_id) ?? 0;
    counts.set(tenant_id, count + 1);
    return count < perTenant;
  });
}

/** Exponential back-off with jitter, so jobs that failed together do not run again together. */
function retryDelay(attempt: number): number {
  const delay = Math.min(LIMITS.jobRetryDelay, FIRST_RETRY_MS * 2 ** (attempt - 1));
  return delay * (0.5 + Math.random() / 2);
}

/** Deletes dead jobs that died before a time. */
export async function deleteDeadJobs(system: SystemDatabase, before: Date): Promise<void> {
  await system.write((queries) => queries.deleteFrom("jobs").where("dead_at", "<", toTimestamp(before)).execute());
}
