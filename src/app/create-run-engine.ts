import { join } from "node:path";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { createToolGuard, createTools } from "#app/create-tools.ts";
import type { Home } from "#app/home.ts";
import type { Clock } from "#base/clock.ts";
import { createFailpoints } from "#base/failpoints.ts";
import type { Logger } from "#base/logger.ts";
import { eventBus } from "#core/events.ts";
import { processName } from "#core/idempotency.ts";
import { egress, metrics, secretBox } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { Database } from "#db/database.ts";
import { createAgentSource } from "#features/agents/index.ts";
import { createModelSource } from "#features/providers/index.ts";
import { createToolSettingsSource, toolRegistry } from "#features/tools/index.ts";
import { blobStore } from "#runtime/blob-store.ts";
import { agentSource, modelSource, priceSource } from "#runtime/ports.ts";
import { RunEngine } from "#runtime/run-engine.ts";
import type { SpanRecorder } from "#runtime/span-recorder.ts";
import { createPriceOf } from "#runtime/to-usage.ts";
import { toolSettingsSource } from "#runtime/tools/tool-settings.ts";

export interface RunEngineOptions {
  readonly config: Config;
  readonly home: Home;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly database: Database;
  readonly services: Services;
  readonly spans: SpanRecorder;
  readonly env: Environment;
}

/** Gives the run engine its models, agents and tools, and features the same models and agents. */
export function createRunEngine(options: RunEngineOptions): RunEngine {
  const { config, home, logger, clock, database, services, spans, env } = options;
  const sources = createSources(options);
  return new RunEngine(
    database,
    services.use(systemDatabase),
    {
      clock,
      logger,
      metrics: services.use(metrics),
      failpoints: createFailpoints(env),
      ...sources,
      blobs: services.use(blobStore),
      spans,
      toolPolicy: config.tools,
      toolGuard: createToolGuard({ config, home, env, clock }),
      web: services.use(egress).for("web"),
      workspaceOf: (tenantId, agentId) => join(home.workspace, tenantId, agentId),
    },
    {
      owner: services.use(processName),
      timeoutSeconds: config.runs.timeout_seconds,
      maxAttempts: config.runs.max_attempts,
      maxConcurrent: config.runs.max_concurrent,
      drainSeconds: config.runs.drain_seconds,
    },
  );
}

/** What runs are made of, which features may use too. */
function createSources({ config, services }: RunEngineOptions) {
  const shared = { secretBox: services.use(secretBox), egress: services.use(egress), events: services.use(eventBus) };
  const agents = createAgentSource();
  const models = createModelSource(shared);
  const priceOf = createPriceOf(config.models.pricing);
  const tools = createTools(config.tools);
  const toolSettings = createToolSettingsSource({ ...shared, tools });
  services
    .provide(agentSource, agents)
    .provide(modelSource, models)
    .provide(priceSource, priceOf)
    .provide(toolRegistry, tools)
    .provide(toolSettingsSource, toolSettings);
  return { agents, models, priceOf, tools, toolSettings };
}
