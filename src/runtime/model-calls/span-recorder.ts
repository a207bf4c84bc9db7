import { toTimestamp } from "#base/clock.ts";
import { newId, type TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { Database } from "#db/database.ts";
import { chunk, toJson } from "#db/values.ts";
import { PREVIEW_MARGIN, type Previewer } from "#runtime/model-calls/previews/create-previewer.ts";
import {
  insertSpans,
  type RunEnd,
  type RunRow,
  type SpanRow,
  type TraceContext,
  traceContextOf,
} from "#runtime/runs/index.ts";

/** `metadata` holds what only some kinds of spans have. */
export interface NewSpan extends Omit<SpanRow, "id" | "input_preview" | "output_preview" | "metadata"> {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The trace that the run belongs to. Undefined for a call outside a run. */
  readonly context: TraceContext | undefined;
  /** What was given and what came back, at full length. Undefined if no text of the run may be kept. */
  readonly texts: { readonly input: string; readonly output: string } | undefined;
}

/** A call as another system reads it. */
export interface ExportedCall {
  readonly span: SpanRow;
  readonly context: TraceContext;
}

/** A run that has ended, as another system reads it. */
export interface ExportedRun {
  readonly run: RunRow;
  readonly context: TraceContext;
  readonly status: RunEnd["status"];
  /** The cause of a failure. */
  readonly error: string | undefined;
  readonly endedAt: string;
}

/** Passes spans on to another system. It never throws and never waits. */
export interface SpanExport {
  call(tenantId: TenantId, call: ExportedCall): void;
  run(tenantId: TenantId, run: ExportedRun): void;
  stop(): Promise<void>;
}

export interface SpanRecorderOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly preview: Previewer;
  /** The longest preview, in characters. */
  readonly previewChars: number;
  /** Undefined if spans stay here. */
  readonly exports?: SpanExport | undefined;
}

/** Records the duration of model and tool calls. Best effort: a lost span never fails or delays a run. */
export interface SpanRecorder {
  /** How much of each end of a text a span looks at, in characters. */
  readonly textChars: number;
  /** True if spans also go to another system. */
  readonly isExporting: boolean;
  /** Passes the span of a whole run on. The run itself is its record here. */
  exportRun(tenantId: TenantId, run: RunRow, end: RunEnd, endedAt: Date): void;
  record(tenantId: TenantId, span: NewSpan): void;
  /** Writes the buffered spans. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Creates a recorder that writes spans in batches. It drops and counts spans that exceed `LIMITS.spanBuffer`. */
export function createSpanRecorder({
  database,
  logger,
  preview,
  previewChars,
  exports,
}: SpanRecorderOptions): SpanRecorder {
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
    textChars: previewChars / 2 + PREVIEW_MARGIN,
    isExporting: exports !== undefined,
    exportRun(tenantId, run, end, endedAt) {
      const context = traceContextOf(run);
      if (!exports || !context.isSampled) return;
      const error = end.status === "failed" ? (end.error.reason ?? end.error.code) : undefined;
      exports.run(tenantId, { run, context, status: end.status, error, endedAt: toTimestamp(endedAt) });
    },
    record(tenantId, { texts, metadata, context, ...span }) {
      if (count >= LIMITS.spanBuffer) {
        dropped++;
        return;
      }
      count++;
      const row = {
        id: newId(),
        ...span,
        input_preview: texts ? preview(texts.input) : "",
        output_preview: texts ? preview(texts.output) : "",
        metadata: toJson(metadata),
      };
      if (context?.isSampled) exports?.call(tenantId, { span: row, context });
      const spans = waiting.get(tenantId) ?? [];
      waiting.set(tenantId, spans);
      spans.push(row);
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
      await exports?.stop();
    },
  };
}
