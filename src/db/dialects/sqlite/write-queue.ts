import type { Database as BunDatabase, Statement } from "bun:sqlite";
import { codeOf, databaseUnavailable } from "#db/errors.ts";
import type { QueryHandle } from "#db/tenant-queries.ts";

type Unit<Value> = (queries: QueryHandle) => Promise<Value>;

interface Job {
  readonly run: Unit<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: unknown };

const MAX_BATCH = 128;
const UNAVAILABLE_CODES = ["SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_READONLY", "SQLITE_CANTOPEN"];
const BRACKETS = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  open: "SAVEPOINT unit",
  undo: "ROLLBACK TO unit",
  release: "RELEASE unit",
} as const;

/**
 * The one writer of a SQLite database. Units that wait together commit together, each under its own savepoint,
 * so that one fsync serves many and a failing unit takes no other with it.
 */
export class WriteQueue {
  readonly #database: BunDatabase;
  readonly #queries: QueryHandle;
  readonly #brackets: Readonly<Record<keyof typeof BRACKETS, Statement>>;
  readonly #waiting: Job[] = [];
  #isScheduled = false;
  #giveUp: (reason: Error) => void = () => {};

  constructor(database: BunDatabase, queries: QueryHandle) {
    this.#database = database;
    this.#queries = queries;
    const prepare = (name: keyof typeof BRACKETS) => database.prepare(BRACKETS[name]);
    this.#brackets = {
      begin: prepare("begin"),
      commit: prepare("commit"),
      open: prepare("open"),
      undo: prepare("undo"),
      release: prepare("release"),
    };
  }

  run<Value>(unit: Unit<Value>): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    this.#waiting.push({ run: unit, resolve: resolve as (value: unknown) => void, reject });
    this.#schedule();
    return promise;
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0 || this.#isScheduled) await new Promise((resolve) => setImmediate(resolve));
    for (const statement of Object.values(this.#brackets)) statement.finalize();
  }

  // A turn of the event loop lets units that arrive together join one transaction.
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => void this.#commitBatch());
  }

  async #commitBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    const endGuard = this.#guardTurn();
    try {
      this.#brackets.begin.run();
      const outcomes: Outcome[] = [];
      for (const job of batch) outcomes.push(await this.#runUnderSavepoint(job.run));
      this.#brackets.commit.run();
      settle(batch, outcomes);
    } catch (thrown) {
      if (this.#database.inTransaction) this.#database.run("ROLLBACK");
      for (const { reject } of batch) reject(toDatabaseError(thrown));
    }
    endGuard();
    this.#isScheduled = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #runUnderSavepoint(unit: Unit<unknown>): Promise<Outcome> {
    this.#brackets.open.run();
    try {
      const value = await this.#withinThisTurn(unit(this.#queries));
      this.#brackets.release.run();
      return { ok: true, value };
    } catch (reason) {
      // A full disk rolls the whole transaction back by itself: then the batch has failed, not the unit.
      if (!this.#database.inTransaction) throw reason;
      this.#brackets.undo.run();
      this.#brackets.release.run();
      return { ok: false, reason: toDatabaseError(reason) };
    }
  }

  #withinThisTurn(running: Promise<unknown>): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#giveUp = reject;
    running.then(resolve, reject);
    return promise;
  }

  /**
   * Queries of `bun:sqlite` finish without leaving the current turn of the event loop. A unit that is not done by its
   * end awaits something else, and would hold every other writer up. The returned function ends the guard.
   */
  #guardTurn(): () => void {
    const onNextTurn = () => {
      this.#giveUp(new Error("a unit of writes awaited something other than its own queries"));
      guard = setImmediate(onNextTurn);
    };
    let guard = setImmediate(onNextTurn);
    return () => clearImmediate(guard);
  }
}

function settle(batch: readonly Job[], outcomes: readonly Outcome[]): void {
  batch.forEach((job, index) => {
    const outcome = outcomes[index] as Outcome;
    if (outcome.ok) job.resolve(outcome.value);
    else job.reject(outcome.reason);
  });
}

function toDatabaseError(thrown: unknown): unknown {
  const code = codeOf(thrown);
  return UNAVAILABLE_CODES.some((prefix) => code.startsWith(prefix)) ? databaseUnavailable(thrown) : thrown;
}
