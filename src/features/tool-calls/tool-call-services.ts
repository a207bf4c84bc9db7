import type { Logger } from "#base/logger.ts";
import type { Metrics } from "#base/metrics.ts";
import { defineService } from "#core/service.ts";
import type { SpanRecorder } from "#runtime/model-calls/index.ts";
import type { RunToolsSource, ToolGuard, ToolServices } from "#runtime/tools/index.ts";

/** What calls a tool outside a run: the same tools, guards and records as those of runs. */
export interface ToolCallServices extends ToolServices {
  readonly runTools: RunToolsSource;
  readonly toolGuard: ToolGuard;
  readonly metrics: Metrics;
  readonly spans: SpanRecorder;
  readonly logger: Logger;
}

export const toolCallServices = defineService<ToolCallServices>("tool-call-services");
