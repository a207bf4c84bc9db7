import type { Database as BunDatabase } from "bun:sqlite";
import type { Kysely } from "kysely";
import { codeOf, databaseUnavailable } from "#db/errors.ts";
import type { Tables } from "#db/tables.ts";

type Unit<Value> = (queries: Kysely<Tables>) => Promise<Value>;

interface Job {
  readonly run: Unit<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: unknown };

const MAX_BATCH = 128;
const UNAVAILABLE_CODES = ["SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_READONLY", "SQLITE_CANTOPEN"];

/**
 * The one writer of a SQLite database. Units that wait together commit together, each under its own savepoint,
 * so that one fsync serves many and a failing unit takes no other with it.
 */
export class WriteQueue {
  readonly #database: BunDatabase;
  readonly #queries: Kysely<Tables>;
  readonly #waiting: Job[] = [];
  #isScheduled = false;

  constructor(database: BunDatabase, queries: Kysely<Tables>) {
    this.#database = database;
    this.#queries = queries;
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
  }

  // A turn of the event loop lets units that arrive together join one transaction.
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => void this.#commitBatch());
  }

  async #commitBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    try {
      this.#database.run("BEGIN IMMEDIATE");
      const outcomes: Outcome[] = [];
      for (const job of batch) outcomes.push(await this.#runUnderSavepoint(job.run));
      this.#database.run("COMMIT");
      settle(batch, outcomes);
    } catch (thrown) {
      if (this.#database.inTransaction) this.#database.run("ROLLBACK");
      for (const { reject } of batch) reject(toDatabaseError(thrown));
    }
    this.#isScheduled = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #runUnderSavepoint(unit: Unit<unknown>): Promise<Outcome> {
    this.#database.run("SAVEPOINT unit");
    try {
      const value = await withinThisTurn(unit(this.#queries));
      this.#database.run("RELEASE unit");
      return { ok: true, value };
    } catch (reason) {
      // A full disk rolls the whole transaction back by itself: then the batch has failed, not the unit.
      if (!this.#database.inTransaction) throw reason;
      this.#database.run("ROLLBACK TO unit");
      this.#database.run("RELEASE unit");
      return { ok: false, reason: toDatabaseError(reason) };
    }
  }
}

function settle(batch: readonly Job[], outcomes: readonly Outcome[]): void {
  batch.forEach((job, index) => {
    const outcome = outcomes[index] as Outcome;
    if (outcome.ok) job.resolve(outcome.value);
    else job.reject(outcome.reason);
  });
}

/**
 * Queries of `bun:sqlite` finish without leaving the current turn of the event loop. A unit that is not done by its end
 * awaits something else, and would hold every other writer up.
 */
async function withinThisTurn<Value>(running: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const guard = setImmediate(() => reject(new Error("a unit of writes awaited something other than its own queries")));
  try {
    return await Promise.race([running, promise]);
  } finally {
    clearImmediate(guard);
  }
}

function toDatabaseError(thrown: unknown): unknown {
  const code = codeOf(thrown);
  return UNAVAILABLE_CODES.some((prefix) => code.startsWith(prefix)) ? databaseUnavailable(thrown) : thrown;
}
