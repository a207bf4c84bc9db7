import type { Database as BunDatabase, Statement } from "bun:sqlite";
import { AppError } from "#base/errors.ts";
import { nextTurn } from "#base/threads/next-turn.ts";
import type { Committed } from "#db/database.ts";
import type { WriteRunner } from "#db/dialects/sqlite/connection.ts";
import { isUnavailable, untilUnlocked, withSqliteErrors } from "#db/dialects/sqlite/failures.ts";
import type { FileIdentity } from "#db/dialects/sqlite/file-identity.ts";
import type { LogCheckpoints } from "#db/dialects/sqlite/log-checkpoints.ts";
import type { WalSync } from "#db/dialects/sqlite/wal-sync.ts";
import { failAll, type Job, type Outcome, settle, type Unit } from "#db/dialects/sqlite/write-jobs.ts";
import { databaseUnavailable, isForeignKeyViolation, isUniqueViolation } from "#db/errors.ts";
import type { QueryHandle } from "#db/tenant-queries.ts";

const MAX_BATCH = 128;
/**
 * Turns of the event loop before a transaction begins. An idle loop spends microseconds on them. Under load each turn
 * brings more units into the batch, and half as many transactions write half as many pages.
 */
const TURNS_TO_GATHER = 3;
/** A batch takes no further unit after this time, in milliseconds, because it holds the event loop. */
const BATCH_MS = 20;
const TRANSACTION_SQL = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  open: "SAVEPOINT unit",
  undo: "ROLLBACK TO unit",
  release: "RELEASE unit",
} as const;

/** The parts that watch the database's file, sync the write-ahead log, and copy it back. */
export interface WriteLog {
  readonly file: FileIdentity;
  readonly sync: WalSync;
  readonly checkpoints: LogCheckpoints;
}

/**
 * The only writer of a SQLite database. Units that wait together commit together, so one sync of the log serves many.
 * If a unit fails after it wrote something, all units of the batch run again, each under a savepoint. A savepoint costs
 * as much as the unit itself, because SQLite copies every page that the unit touches. A refusal before the first write
 * needs no rollback and affects no other unit. It is an `AppError`, or a row that a constraint of its table refuses.
 */
export class WriteQueue {
  readonly #database: BunDatabase;
  readonly #runner: WriteRunner;
  readonly #queries: QueryHandle;
  readonly #log: WriteLog;
  readonly #statements: Readonly<Record<keyof typeof TRANSACTION_SQL, Statement>>;
  readonly #waiting: Job[] = [];
  #isScheduled = false;
  #storedAt = Number.NEGATIVE_INFINITY;
  /** How many bytes the runner had written when the checkpoints last heard of a commit. */
  #bytesReported = 0;
  #rejectUnit: (reason: Error) => void = () => {};
  #endGuard: () => void = () => {};

  constructor(database: BunDatabase, runner: WriteRunner, queries: QueryHandle, log: WriteLog) {
    this.#database = database;
    this.#runner = runner;
    this.#queries = queries;
    this.#log = log;
    const prepare = (name: keyof typeof TRANSACTION_SQL) => database.prepare(TRANSACTION_SQL[name]);
    this.#statements = {
      begin: prepare("begin"),
      commit: prepare("commit"),
      open: prepare("open"),
      undo: prepare("undo"),
      release: prepare("release"),
    };
  }

  /** When the last batch reached the disk, by the clock of `performance.now`. */
  get storedAt(): number {
    return this.#storedAt;
  }

  /** Resolves when the unit is on the disk. */
  run<Value>(unit: Unit<Value>): Promise<Value> {
    return this.#enqueue(unit);
  }

  /** Resolves when the unit is committed. `durable` of the result resolves when it is on the disk. */
  commitEarly<Value>(unit: Unit<Value>): Promise<Committed<Value>> {
    const { promise, resolve, reject } = Promise.withResolvers<Committed<Value>>();
    const durable = this.#enqueue(unit, (value) => resolve({ value, durable }));
    durable.catch(reject);
    return promise;
  }

  #enqueue<Value>(unit: Unit<Value>, onCommit?: (value: Value) => void): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    // Safe: a job's value comes from its own unit.
    const job = { run: unit, resolve, reject, ...(onCommit && { onCommit }) } as Job;
    this.#waiting.push(job);
    this.#schedule();
    return promise;
  }

  /** Lets others have the event loop within a unit. The next units go on waiting, and readers see what was before. */
  async rest(): Promise<void> {
    this.#endGuard();
    await nextTurn();
    this.#endGuard = this.#guardTurn();
  }

  /** Resolves when the queue is empty. A commit is scheduled as long as it is not. */
  async drain(): Promise<void> {
    while (this.#isScheduled) await nextTurn();
    for (const statement of Object.values(this.#statements)) statement.finalize();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    let turns = TURNS_TO_GATHER;
    const next = () => {
      turns--;
      if (turns > 0) setImmediate(next);
      else void this.#commitBatch();
    };
    setImmediate(next);
  }

  async #commitBatch(): Promise<void> {
    const { checkpoints } = this.#log;
    if (checkpoints.writerPause) await checkpoints.writerPause;
    const endTransaction = checkpoints.beginTransaction();
    const until = performance.now() + BATCH_MS;
    const done = (await this.#begin()) ? await this.#runBatch() : undefined;
    endTransaction();
    if (done) {
      // Whoever waited for the commit goes on at once. After a long batch, others have their turn first.
      if (performance.now() > until) await nextTurn();
      await this.#settleOnDisk(done.batch, done.outcomes);
    }
    this.#isScheduled = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Runs the units that wait, as many as fit into one transaction, and ends it. The others wait for the next one. */
  async #runBatch(): Promise<{ readonly batch: readonly Job[]; readonly outcomes: readonly Outcome[] }> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    this.#endGuard = this.#guardTurn();
    const outcomes = (await this.#runTogether(batch)) ?? (await this.#runApart(batch));
    this.#endGuard();
    this.#waiting.unshift(...batch.splice(outcomes.length));
    return { batch, outcomes };
  }

  /** Begins a transaction. If that is not possible, everybody who waits fails, and false is returned. */
  async #begin(): Promise<boolean> {
    try {
      if (this.#log.file.isDue) await this.#log.file.check();
      await untilUnlocked(() => this.#statements.begin.run());
      return true;
    } catch (thrown) {
      const batch = this.#waiting.splice(0);
      settle(batch, failAll(batch, thrown));
      return false;
    }
  }

  /**
   * Syncs and settles a batch. Units that arrive during the sync form the next batch. Large batches write fewer pages.
   */
  async #settleOnDisk(batch: readonly Job[], outcomes: readonly Outcome[]): Promise<void> {
    batch.forEach(({ onCommit }, index) => {
      const outcome = outcomes[index];
      if (outcome?.ok) onCommit?.(outcome.value);
    });
    try {
      if (outcomes.some(({ ok }) => ok)) {
        await this.#log.sync.afterCommit();
        this.#storedAt = performance.now();
      }
      settle(batch, outcomes);
      const { bytesWritten } = this.#runner;
      this.#log.checkpoints.afterCommit(bytesWritten - this.#bytesReported);
      this.#bytesReported = bytesWritten;
    } catch (thrown) {
      const unsafe: Outcome = { ok: false, reason: databaseUnavailable(thrown) };
      settle(
        batch,
        outcomes.map((outcome) => (outcome.ok ? unsafe : outcome)),
      );
    }
  }

  /**
   * Runs the first units of a batch in the transaction that has begun, as many as fit into `BATCH_MS`. Returns undefined
   * if one of several units failed. In that case nothing is written.
   */
  async #runTogether(batch: readonly Job[]): Promise<readonly Outcome[] | undefined> {
    const outcomes: Outcome[] = [];
    try {
      const until = performance.now() + BATCH_MS;
      for (const { run } of batch) {
        if (outcomes.length > 0 && performance.now() > until) break;
        outcomes.push(await this.#runOrRefuse(run));
      }
      // The commit of many rows takes long as well.
      if (performance.now() > until) await this.rest();
      this.#commit();
      return outcomes;
    } catch (thrown) {
      this.#rollBack();
      return batch.length === 1 || isUnavailable(thrown) ? failAll(batch, thrown) : undefined;
    }
  }

  /** Runs a unit. Returns a refusal as an outcome and rethrows every other error. */
  async #runOrRefuse(unit: Unit<unknown>): Promise<Outcome> {
    const { writes } = this.#runner;
    try {
      return { ok: true, value: await this.#withinThisTurn(unit(this.#queries)) };
    } catch (thrown) {
      if (isRefusal(thrown) && this.#runner.writes === writes) return { ok: false, reason: thrown };
      throw thrown;
    }
  }

  async #runApart(batch: readonly Job[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    try {
      withSqliteErrors(() => this.#statements.begin.run());
      for (const { run } of batch) outcomes.push(await this.#runUnderSavepoint(run));
      this.#commit();
      return outcomes;
    } catch (thrown) {
      this.#rollBack();
      return failAll(batch, thrown);
    }
  }

  #commit(): void {
    withSqliteErrors(() => this.#statements.commit.run());
  }

  #rollBack(): void {
    if (this.#database.inTransaction) this.#database.run("ROLLBACK");
  }

  async #runUnderSavepoint(unit: Unit<unknown>): Promise<Outcome> {
    this.#statements.open.run();
    try {
      const value = await this.#withinThisTurn(unit(this.#queries));
      this.#statements.release.run();
      return { ok: true, value };
    } catch (reason) {
      // A full disk rolls back the whole transaction, so the batch has failed, not only this unit.
      if (!this.#database.inTransaction) throw reason;
      this.#statements.undo.run();
      this.#statements.release.run();
      return { ok: false, reason };
    }
  }

  #withinThisTurn(running: Promise<unknown>): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#rejectUnit = reject;
    running.then(resolve, reject);
    return promise;
  }

  /**
   * Queries of `bun:sqlite` finish within the current turn of the event loop. A unit that needs a second turn awaits
   * something else and would block every other writer. The guard rejects such a unit, unless it rests. Returns a
   * function that ends the guard.
   */
  #guardTurn(): () => void {
    const onNextTurn = () => {
      this.#rejectUnit(new Error("a unit of writes awaited something other than its own queries"));
      guard = setImmediate(onNextTurn);
    };
    let guard = setImmediate(onNextTurn);
    return () => clearImmediate(guard);
  }
}

// A full disk has rolled the whole transaction back, so it is no refusal of one unit.
const isRefusal = (thrown: unknown): boolean =>
  (thrown instanceof AppError && !isUnavailable(thrown)) || isUniqueViolation(thrown) || isForeignKeyViolation(thrown);
