import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { SpanExportOptions } from "#app/telemetry/create-span-export.ts";
import { MINUTE } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";

/** At most one log line in this time says that spans were lost. */
const QUIET_MS = 1 * MINUTE;
const SUCCESS = 0;
const FAILED = 1;

/** Creates an exporter that writes spans as OTLP in JSON and sends them over the gateway's own egress. */
export async function createCollector(options: SpanExportOptions): Promise<SpanExporter> {
  const { JsonTraceSerializer } = await import("@opentelemetry/otlp-transformer");
  const { egress, logger } = options;
  const url = toTracesUrl(options.endpoint);
  const headers = Object.entries(options.headers).map(([name, value]) => [name, value.reveal()] as [string, string]);
  const stopping = new AbortController();
  let lost = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;

  const warn = (spans: number, reason: unknown) => {
    lost += spans;
    if (performance.now() - warnedAt < QUIET_MS) return;
    warnedAt = performance.now();
    logger.warn({ spans: lost, reason: String(reason) }, "the collector of telemetry.endpoint took no spans");
    lost = 0;
  };

  const send = async (body: Uint8Array<ArrayBuffer>): Promise<void> => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(LIMITS.telemetryTime)]);
    const all = [...headers, ["content-type", "application/json"] as [string, string]];
    const response = await egress.fetch(url, { method: "POST", headers: all, body, signal, redirect: "manual" });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`status ${response.status}`);
  };

  return {
    export(spans, done) {
      const body = JsonTraceSerializer.serializeRequest(spans);
      if (!body) return done({ code: FAILED });
      send(new Uint8Array(body)).then(
        () => done({ code: SUCCESS }),
        (reason: unknown) => {
          warn(spans.length, reason);
          // The exporter has said what there is to say. A failure would make the package print it too.
          done({ code: SUCCESS });
        },
      );
    },
    async shutdown() {
      stopping.abort();
    },
    async forceFlush() {},
  };
}

/** An endpoint without a path is the base of the usual one. https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
function toTracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === "/") url.pathname = "/v1/traces";
  return url.href;
}
