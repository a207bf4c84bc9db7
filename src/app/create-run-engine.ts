import { join } from "node:path";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { createToolGuard, createTools } from "#app/create-tools.ts";
import type { Home } from "#app/home.ts";
import type { Clock } from "#base/clock.ts";
import { createFailpoints } from "#base/failpoints.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { type DomainEvent, eventBus } from "#core/events.ts";
import { processName } from "#core/idempotency.ts";
import { egress, metrics, secretBox } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { Database } from "#db/database.ts";
import { agentDirectory, createAgentDirectory, createAgentSource } from "#features/agents/index.ts";
import { createModelSource } from "#features/providers/index.ts";
import { createToolSettingsSource, toolRegistry } from "#features/tools/index.ts";
import type { CallDependencies } from "#models/resilience/call-with-failover.ts";
import { ProviderHealth } from "#models/resilience/provider-health.ts";
import { sleep } from "#models/resilience/sleep.ts";
import { blobStore } from "#runtime/blob-store.ts";
import { type ModelCallServices, modelCallServices } from "#runtime/call-model.ts";
import { TokenEstimator } from "#runtime/context/token-estimator.ts";
import { agentSource } from "#runtime/ports.ts";
import { RunEngine } from "#runtime/run-engine.ts";
import { createSessionTitles } from "#runtime/session-titles.ts";
import type { SpanRecorder } from "#runtime/span-recorder.ts";
import { createPriceOf } from "#runtime/to-usage.ts";
import { createRunToolsSource } from "#runtime/tools/run-tools.ts";
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
  const { config, home, clock, database, services, env } = options;
  const sources = createSources(options);
  return new RunEngine(
    database,
    services.use(systemDatabase),
    {
      failpoints: createFailpoints(env),
      ...sources,
      blobs: services.use(blobStore),
      titles: createSessionTitles(sources, config.sessions.titles),
      runTools: createRunToolsSource({ tools: sources.tools, policy: config.tools, settings: sources.toolSettings }),
      toolGuard: createToolGuard({ config, home, env, clock }),
      web: services.use(egress).for("web"),
      workspaceOf: (tenantId, agentId) => join(home.workspace, tenantId, agentId),
    },
    {
      owner: services.use(processName),
      timeoutSeconds: config.runs.timeout_seconds,
      maxAttempts: config.runs.max_attempts,
      maxConcurrent: config.runs.max_concurrent,
      maxWaiting: config.runs.max_waiting,
      drainSeconds: config.runs.drain_seconds,
    },
  );
}

/** What runs are made of, which features may use too. */
function createSources({ config, services, clock, logger, spans }: RunEngineOptions) {
  const shared = { secretBox: services.use(secretBox), egress: services.use(egress), events: services.use(eventBus) };
  const agents = createAgentSource(shared.events);
  const tools = createTools(config.tools);
  const toolSettings = createToolSettingsSource({ ...shared, tools });
  const modelCalls: ModelCallServices = {
    models: createModelSource(shared),
    metrics: services.use(metrics),
    spans,
    priceOf: createPriceOf(config.models.pricing),
    logger,
    calls: toCallDependencies(config, clock),
    tokens: new TokenEstimator(),
  };
  // A provider that was given a new key or address deserves another try at once.
  const forget = ({ tenantId }: DomainEvent) => modelCalls.calls.health.forget(tenantId);
  for (const change of ["provider.updated", "provider.deleted"]) shared.events.subscribe(change, forget);
  services
    .provide(agentSource, agents)
    .provide(agentDirectory, createAgentDirectory(shared.events))
    .provide(modelCallServices, modelCalls)
    .provide(toolRegistry, tools)
    .provide(toolSettingsSource, toolSettings);
  return { ...modelCalls, clock, agents, tools, toolSettings };
}

function toCallDependencies({ models }: Config, clock: Clock): CallDependencies {
  return {
    clock,
    health: new ProviderHealth(clock),
    timeouts: {
      firstEventMs: models.first_token_ms,
      idleMs: models.idle_ms,
      totalMs: models.call_ms,
    },
    retries: { maxAttempts: models.max_attempts, delayMs: models.retry_delay_ms, maxDelayMs: LIMITS.modelRetryDelay },
    sleep,
    random: Math.random,
  };
}
