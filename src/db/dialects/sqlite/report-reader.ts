import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { ThreadPool } from "#base/threads/thread-pool.ts";
import { toReportHandle } from "#db/dialects/sqlite/connection.ts";
import { toSqliteError } from "#db/dialects/sqlite/failures.ts";
import type { DatabaseFile } from "#db/dialects/sqlite/identity-of.ts";
import type { ReportAnswer, ReportJob, ReportRead } from "#db/dialects/sqlite/report-worker.ts";
import { databaseUnavailable } from "#db/errors.ts";
import { TenantReads } from "#db/tenant-queries.ts";

// The worker must be a separate file in the executable too. `scripts/executable.mjs` names it as an entry point.
const startReportWorker = () => new Worker(new URL("./report-worker.ts", import.meta.url).href, { smol: true });

/** Reads many rows in threads with connections of their own, where tenants take turns. */
export class ReportReader {
  readonly #file: DatabaseFile;
  readonly #threads = new ThreadPool<ReportJob, ReportAnswer>({
    start: startReportWorker,
    timeoutMs: LIMITS.reportTime,
    maxWaiting: LIMITS.reportsWaiting,
    maxWaitingPerTenant: LIMITS.reportsWaitingPerTenant,
  });

  constructor({ path, identity }: DatabaseFile) {
    this.#file = { path, identity };
  }

  /** Returns reads inside one tenant. They reject with `UNAVAILABLE` if they take too long or too many wait. */
  forTenant(tenantId: TenantId): TenantReads {
    return new TenantReads(
      toReportHandle(
        (sql, parameters) => this.#read(tenantId, { sql, parameters }),
        // The cast is safe: such a job answers with places.
        (tenant, match) =>
          this.#read(tenant, { nearest: { tenantId: tenant, ...match } }) as Promise<readonly number[]>,
      ),
      tenantId,
    );
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#threads.stop();
  }

  async #read(tenantId: TenantId, read: ReportRead): Promise<readonly unknown[]> {
    const job = { ...this.#file, ...read };
    const answer = await this.#threads.run({ job, tenantId }).catch((thrown: unknown) => {
      throw databaseUnavailable(thrown);
    });
    if ("rows" in answer) return answer.rows;
    throw toSqliteError(Object.assign(new Error(answer.message), { code: answer.code }));
  }
}
