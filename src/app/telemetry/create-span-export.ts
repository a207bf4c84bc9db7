import { createCollector } from "#app/telemetry/create-collector.ts";
import { ofCall, ofRun, type SpanFacts, toReadableSpan } from "#app/telemetry/to-readable-span.ts";
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
  const opened = open(options);
  const send = (facts: SpanFacts) => void opened.then((batches) => batches?.add(facts));
  return {
    call: (tenantId, call) => send(ofCall(tenantId, call, options.hasContent)),
    run: (tenantId, run) => send(ofRun(tenantId, run)),
    stop: async () => (await opened)?.stop(),
  };
}

interface Batches {
  add(facts: SpanFacts): void;
  stop(): Promise<void>;
}

/** Reads the packages, which only gateways that send spans need. */
async function open(options: SpanExportOptions): Promise<Batches | undefined> {
  try {
    const [{ BatchSpanProcessor }, { resourceFromAttributes }] = await Promise.all([
      import("@opentelemetry/sdk-trace"),
      import("@opentelemetry/resources"),
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
      add: (facts) => processor.onEnd(toReadableSpan(resource, facts)),
      async stop() {
        // A collector that hangs must not hold up the end of the process.
        const timer = setTimeout(() => void collector.shutdown(), LIMITS.telemetryLastBatch);
        await processor.shutdown().catch(() => {});
        clearTimeout(timer);
      },
    };
  } catch (error) {
    options.logger.warn({ error }, "spans cannot be sent");
    return undefined;
  }
}
