import { newId, type TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { Database } from "#db/database.ts";
import { insertRows } from "#db/insert-rows.ts";
import type { SpansTable } from "#db/record-tables.ts";
import { chunk } from "#db/values.ts";

/** The database keeps a prepared statement for each number of rows up to this. */
const ROWS_AT_ONCE = 32;

export type NewSpan = Omit<SpansTable, "id" | "tenant_id">;

/** Records the duration of model and tool calls. Best effort: a lost span never fails or delays a run. */
export interface SpanRecorder {
  record(tenantId: TenantId, span: NewSpan): void;
  /** Writes the buffered spans. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Creates a recorder that writes spans in batches. It drops and counts spans that exceed `LIMITS.spanBuffer`. */
export function createSpanRecorder(database: Database, logger: Logger): SpanRecorder {
  let waiting = new Map<TenantId, (NewSpan & { readonly id: string })[]>();
  let count = 0;
  let dropped = 0;

  const flush = async () => {
    const buffered = waiting;
    waiting = new Map();
    count = 0;
    for (const [tenantId, spans] of buffered) {
      for (const batch of chunk(spans)) {
        await database
          .forTenant(tenantId)
          .write(async (queries) => {
            for (const rows of chunk(batch, ROWS_AT_ONCE)) await insertRows(queries, "spans", rows);
          })
          .catch((error: unknown) => logger.warn({ error, tenantId, spans: batch.length }, "spans were lost"));
      }
    }
    if (dropped > 0) logger.warn({ spans: dropped }, "spans were dropped: too many at once");
    dropped = 0;
  };
  // The timer must not keep a process alive that failed to start.
  const timer = setInterval(() => void flush(), LIMITS.spanFlush).unref();

  return {
    record(tenantId, span) {
      if (count >= LIMITS.spanBuffer) {
        dropped++;
        return;
      }
      count++;
      const spans = waiting.get(tenantId) ?? [];
      waiting.set(tenantId, spans);
      spans.push({ id: newId(), ...span });
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
