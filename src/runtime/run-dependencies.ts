import type { Clock } from "#base/clock.ts";
import type { EgressClient } from "#base/egress/create-egress.ts";
import type { Failpoints } from "#base/failpoints.ts";
import type { TenantId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import type { Metrics } from "#base/metrics.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { CallDependencies } from "#models/resilience/call-with-failover.ts";
import type { BlobStore } from "#runtime/blob-store.ts";
import type { TokenEstimator } from "#runtime/context/token-estimator.ts";
import type { AgentSource, ModelSource } from "#runtime/ports.ts";
import type { SessionTitles } from "#runtime/session-titles.ts";
import type { SpanRecorder } from "#runtime/span-recorder.ts";
import type { PriceOf } from "#runtime/to-usage.ts";
import type { ToolGuard } from "#runtime/tools/run-tool.ts";
import type { RunToolsSource } from "#runtime/tools/run-tools.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import type { ToolSettingsSource } from "#runtime/tools/tool-settings.ts";

/** What running needs, whichever tenant a run belongs to. */
export interface EngineDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly failpoints: Failpoints;
  readonly agents: AgentSource;
  readonly models: ModelSource;
  readonly blobs: BlobStore;
  readonly spans: SpanRecorder;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly runTools: RunToolsSource;
  readonly toolSettings: ToolSettingsSource;
  readonly toolGuard: ToolGuard;
  /** Where tools reach the network. */
  readonly web: EgressClient;
  readonly priceOf: PriceOf;
  /** How model calls are tried again, and what is known of their providers. */
  readonly calls: CallDependencies;
  readonly tokens: TokenEstimator;
  readonly titles: SessionTitles;
  /** The directory of one agent's files. */
  readonly workspaceOf: (tenantId: TenantId, agentId: string) => string;
}

/** The same with the database of the run's tenant. */
export interface RunDependencies extends EngineDependencies {
  readonly db: TenantDatabase;
}
