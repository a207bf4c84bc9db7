import { failedPrecondition } from "#base/errors.ts";
import type { IdempotencyKeysTable } from "#db/core/core-tables.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** The identity of a call. The same key of another caller or operation identifies another call. */
export interface IdempotencyScope {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
}

type Row = Omit<IdempotencyKeysTable, "tenant_id">;

/** One call under an idempotency key. Only the process that owns its row may write to the row. */
export class IdempotentCall {
  readonly #scope: IdempotencyScope;
  readonly #owner: string;
  /** The run of an earlier call with this key. Its answer is used, so no second run starts. */
  readonly runId: string | null;
  #isForgotten = false;

  constructor(scope: IdempotencyScope, owner: string, runId: string | null) {
    this.#scope = scope;
    this.#owner = owner;
    this.runId = runId;
  }

  /**
   * Records that the effect took place, and the answer to it if it is known. Part of the transaction of the effect
   * itself, so that the answer survives a fault or the end of this process right after it.
   */
  async markApplied(queries: TenantQueries, answer: string | undefined): Promise<void> {
    await this.#update(queries, { state: "applied", answer: answer ?? null });
  }

  /** Records which run will give the answer. Part of the transaction that accepts the run. */
  async attachRun(queries: TenantQueries, runId: string): Promise<void> {
    await this.#update(queries, { state: "applied", run_id: runId });
  }

  /** Stores the answer for replays, unless its run was forgotten. Undefined means that it cannot be kept. */
  async keepAnswer(db: TenantDatabase, answer: string | undefined): Promise<void> {
    if (this.#isForgotten) return;
    const values = answer === undefined ? { state: "applied" as const } : { state: "done" as const, answer };
    await db.write((queries) => this.#update(queries, values));
  }

  /** Forgets a run that failed or leaves no text, so a repeated call starts a new run under the same key. */
  async forgetRun(db: TenantDatabase, runId: string): Promise<void> {
    this.#isForgotten = true;
    await db.write(async (queries) => {
      await whereScope(queries.deleteFrom("idempotency_keys"), this.#scope).where("run_id", "=", runId).execute();
    });
  }

  /** Forgets a call without effect, so the client may retry under the same key. */
  async forget(db: TenantDatabase): Promise<void> {
    // The row may already belong to the next attempt.
    if (this.#isForgotten) return;
    await db.write(async (queries) => {
      await whereScope(queries.deleteFrom("idempotency_keys"), this.#scope)
        .where("owner", "=", this.#owner)
        .where("state", "=", "running")
        .execute();
    });
  }

  async #update(queries: TenantQueries, values: Partial<Row>): Promise<void> {
    const [result] = await whereScope(queries.updateTable("idempotency_keys"), this.#scope)
      .set(values)
      .where("owner", "=", this.#owner)
      .execute();
    if (result?.numUpdatedRows === 0n) throw stillInProgress();
  }
}

export const stillInProgress = () =>
  failedPrecondition("error.idempotency_in_progress", {}, "idempotency_in_progress", {
    retryable: true,
    retryAfterMs: 1_000,
  });

interface Filterable<Self> {
  where(column: "principal" | "route" | "key", operator: "=", value: string): Self;
}

/** Narrows a query to the row of one scope. */
export const whereScope = <Query extends Filterable<Query>>(
  query: Query,
  { principal, route, key }: IdempotencyScope,
) => query.where("principal", "=", principal).where("route", "=", route).where("key", "=", key);
