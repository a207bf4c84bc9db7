import { newId, type TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { Database } from "#db/database.ts";
import { insertRows } from "#db/insert-rows.ts";
import type { SpansTable } from "#db/record-tables.ts";
import { chunk } from "#db/values.ts";

/** There is a prepared statement for each number of rows up to this. */
const ROWS_AT_ONCE = 32;

export type NewSpan = Omit<SpansTable, "id" | "tenant_id">;

/** Records how long model and tool calls took. Best effort: never on a run's way. */
export interface SpanRecorder {
  record(tenantId: TenantId, span: NewSpan): void;
  /** Writes what waits. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Writes spans in batches; drops them, and counts that, when the database cannot keep up. */
export function createSpanRecorder(database: Database, logger: Logger): SpanRecorder {
  let waiting = new Map<TenantId, (NewSpan & { readonly id: string })[]>();
  let count = 0;
  let dropped = 0;

  const flush = async () => {
    const batch = waiting;
    waiting = new Map();
    count = 0;
    for (const [tenantId, spans] of batch) {
      for (const some of chunk(spans)) {
        await database
          .forTenant(tenantId)
          .write(async (queries) => {
            for (const few of chunk(some, ROWS_AT_ONCE)) await insertRows(queries, "spans", few);
          })
          .catch((error: unknown) => logger.warn({ error, tenantId, spans: some.length }, "spans were lost"));
      }
    }
    if (dropped > 0) logger.warn({ spans: dropped }, "spans were dropped: too many at once");
    dropped = 0;
  };
  // Keeps no process alive that could not start.
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
