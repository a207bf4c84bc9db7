import { failedPrecondition } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { IdempotencyKeysTable } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** Which call an `Idempotency-Key` names: the same key of another caller or route is another call. */
export interface IdempotencyScope {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
}

type Row = Omit<IdempotencyKeysTable, "tenant_id">;

/** One call under an `Idempotency-Key`. Only the process that owns its row may write to it. */
export class IdempotentCall {
  readonly #scope: IdempotencyScope;
  readonly #owner: string;
  /** The run that an earlier call with this key started: it gives the answer, no second one starts. */
  readonly runId: string | null;
  #isForgotten = false;

  constructor(scope: IdempotencyScope, owner: string, runId: string | null) {
    this.#scope = scope;
    this.#owner = owner;
    this.runId = runId;
  }

  /** Notes, in the transaction of the effect itself, that the effect took place. */
  async markApplied(queries: TenantQueries): Promise<void> {
    await this.#update(queries, { state: "applied" });
  }

  /** Notes, in the transaction that accepts it, which run will give the answer. */
  async attachRun(queries: TenantQueries, runId: string): Promise<void> {
    await this.#update(queries, { state: "applied", run_id: runId });
  }

  async keepAnswer(db: TenantDatabase, answer: string): Promise<void> {
    if (Buffer.byteLength(answer) > LIMITS.idempotencyAnswer) return;
    await db.write((queries) => this.#update(queries, { state: "done", answer }));
  }

  /** Forgets the run that was to give the answer and failed, so that the client may try again with another. */
  async forgetRun(db: TenantDatabase, runId: string): Promise<void> {
    this.#isForgotten = true;
    await db.write(async (queries) => {
      await named(queries.deleteFrom("idempotency_keys"), this.#scope).where("run_id", "=", runId).execute();
    });
  }

  /** Forgets a call that had no effect, so that the client may try again. */
  async forget(db: TenantDatabase): Promise<void> {
    // By now the row may be that of the next try.
    if (this.#isForgotten) return;
    await db.write(async (queries) => {
      await named(queries.deleteFrom("idempotency_keys"), this.#scope)
        .where("owner", "=", this.#owner)
        .where("state", "=", "running")
        .execute();
    });
  }

  async #update(queries: TenantQueries, values: Partial<Row>): Promise<void> {
    const [result] = await named(queries.updateTable("idempotency_keys"), this.#scope)
      .set(values)
      .where("owner", "=", this.#owner)
      .execute();
    if (result?.numUpdatedRows === 0n) throw inProgress();
  }
}

export const inProgress = () =>
  failedPrecondition("error.idempotency_in_progress", {}, "idempotency_in_progress", {
    retryable: true,
    retryAfterMs: 1_000,
  });

interface Filterable<Self> {
  where(column: "principal" | "route" | "key", operator: "=", value: string): Self;
}

/** Narrows a query to the row of one scope. */
export const named = <Query extends Filterable<Query>>(query: Query, { principal, route, key }: IdempotencyScope) =>
  query.where("principal", "=", principal).where("route", "=", route).where("key", "=", key);
