import { newId, type TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { Database } from "#db/database.ts";
import { chunk, toJson } from "#db/values.ts";
import type { Previewer } from "#runtime/model-calls/previews/create-previewer.ts";
import { insertSpans, type SpanRow } from "#runtime/runs/index.ts";

/** `metadata` holds what only some kinds of spans have. */
export interface NewSpan extends Omit<SpanRow, "id" | "input_preview" | "output_preview" | "metadata"> {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What was given and what came back, at full length. Undefined if no text of the run may be kept. */
  readonly texts: { readonly input: string; readonly output: string } | undefined;
}

/** Records the duration of model and tool calls. Best effort: a lost span never fails or delays a run. */
export interface SpanRecorder {
  record(tenantId: TenantId, span: NewSpan): void;
  /** Writes the buffered spans. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Creates a recorder that writes spans in batches. It drops and counts spans that exceed `LIMITS.spanBuffer`. */
export function createSpanRecorder(database: Database, logger: Logger, preview: Previewer): SpanRecorder {
  let waiting = new Map<TenantId, SpanRow[]>();
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
          .write((queries) => insertSpans(queries, batch))
          .catch((error: unknown) => logger.warn({ error, tenantId, spans: batch.length }, "spans were lost"));
      }
    }
    if (dropped > 0) logger.warn({ spans: dropped }, "spans were dropped: too many at once");
    dropped = 0;
  };
  // The timer must not keep a process alive that failed to start.
  const timer = setInterval(() => void flush(), LIMITS.spanFlush).unref();

  return {
    record(tenantId, { texts, metadata, ...span }) {
      if (count >= LIMITS.spanBuffer) {
        dropped++;
        return;
      }
      count++;
      const spans = waiting.get(tenantId) ?? [];
      waiting.set(tenantId, spans);
      spans.push({
        id: newId(),
        ...span,
        input_preview: texts ? preview(texts.input) : "",
        output_preview: texts ? preview(texts.output) : "",
        metadata: toJson(metadata),
      });
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
