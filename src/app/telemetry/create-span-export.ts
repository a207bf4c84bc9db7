import { createCollector } from "#app/telemetry/create-collector.ts";
import type { EgressSender } from "#base/egress/create-egress.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { Secret } from "#base/secret.ts";
import type { SpanExport } from "#runtime/model-calls/index.ts";

export interface SpanExportOptions {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly serviceName: string;
  readonly version: string;
  /** True if spans carry previews. */
  readonly hasContent: boolean;
  readonly egress: EgressSender;
  readonly logger: Logger;
}

/**
 * Sends spans to a collector, in batches and in the background. A collector that is slow or gone costs spans and a log
 * line, and never a run.
 */
export function createSpanExport(options: SpanExportOptions): SpanExport {
  const opened = open(options).catch((error: unknown) => {
    options.logger.warn({ error }, "spans cannot be sent");
    return undefined;
  });
  return {
    call: (tenantId, call) => void opened.then((batches) => batches?.call(tenantId, call)),
    run: (tenantId, run) => void opened.then((batches) => batches?.run(tenantId, run)),
    stop: async () => (await opened)?.stop(),
  };
}

/** Reads the packages, and what uses them. Only gateways that send spans need them. */
async function open(options: SpanExportOptions): Promise<SpanExport> {
  const [{ BatchSpanProcessor }, { resourceFromAttributes }, { ofCall, ofRun, toReadableSpan }] = await Promise.all([
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/resources"),
    import("#app/telemetry/to-readable-span.ts"),
  ]);
  const resource = resourceFromAttributes({
    "service.name": options.serviceName,
    "service.version": options.version,
  });
  const collector = await createCollector(options);
  const processor = new BatchSpanProcessor({
    exporter: collector,
    maxQueueSize: LIMITS.telemetryQueue,
    maxExportBatchSize: LIMITS.telemetryBatch,
    scheduledDelayMillis: LIMITS.telemetryDelay,
    exportTimeoutMillis: LIMITS.telemetryTime,
  });
  return {
    call: (tenantId, call) => processor.onEnd(toReadableSpan(resource, ofCall(tenantId, call, options.hasContent))),
    run: (tenantId, run) => processor.onEnd(toReadableSpan(resource, ofRun(tenantId, run))),
    async stop() {
      // A collector that hangs must not hold up the end of the process.
      const timer = setTimeout(() => void collector.shutdown(), LIMITS.telemetryLastBatch);
      await processor.shutdown().catch(() => {});
      clearTimeout(timer);
    },
  };
}
