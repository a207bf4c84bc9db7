import type { Config } from "#app/config/schema.ts";
import { createSpanExport } from "#app/telemetry/create-span-export.ts";
import { VERSION } from "#app/version.ts";
import type { Egress } from "#base/egress/create-egress.ts";
import type { Logger } from "#base/logger.ts";
import type { SpanExport } from "#runtime/model-calls/index.ts";

/** Creates the export of spans that the operator configured, if any. */
export function openSpanExport({ telemetry }: Config, network: Egress, logger: Logger): SpanExport | undefined {
  const { endpoint, headers = {}, service_name: serviceName, content: hasContent } = telemetry;
  if (endpoint === undefined) return undefined;
  const egress = network.for("telemetry");
  return createSpanExport({ endpoint, headers, serviceName, version: VERSION, hasContent, egress, logger });
}
