import { join } from "node:path";
import type { RunningConfig } from "#app/config/file/running-config.ts";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { createToolGuard, createTools } from "#app/engine/create-tools.ts";
import { provideMemory } from "#app/engine/provide-memory.ts";
import { features } from "#app/features.ts";
import type { Home } from "#app/home/home.ts";
import type { Clock } from "#base/clock.ts";
import { createFailpoints } from "#base/failpoints.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { TenantDirectory } from "#core/access/authenticate.ts";
import { eventBus } from "#core/events/events.ts";
import { processName } from "#core/idempotency/idempotently.ts";
import { type JobHandler, jobQueue } from "#core/jobs/job-queue.ts";
import { egress, imagePreparer, metrics, processes, secretBox } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { Database } from "#db/database.ts";
import { agentDirectory, createAgentDirectory, createAgentSource, createRunRights } from "#features/agents/index.ts";
import { createToolSettingsSource, toolRegistry } from "#features/builtin-tools/index.ts";
import { denyToggles } from "#features/custom-tools/feature.ts";
import {
  createEmbeddingSource,
  createModelSource,
  providerDeleted,
  providerUpdated,
} from "#features/providers/index.ts";
import { SkillFolders, SkillLibrary, skillBodyBytes, skillFolders, skillLibrary } from "#features/skills/index.ts";
import { toolCallServices } from "#features/tool-calls/tool-call-services.ts";
import { withBudgets } from "#features/usage/budget/with-budgets.ts";
import type { CallDependencies } from "#models/resilience/call-with-failover.ts";
import { ProviderHealth } from "#models/resilience/provider-health.ts";
import { sleep } from "#models/resilience/sleep.ts";
import type { SandboxState } from "#processes/sandbox/sandbox.ts";
import {
  createRunEndHook,
  createSessionTitles,
  createTextForgetter,
  toObserverJobs,
} from "#runtime/after-run/index.ts";
import { type EngineDependencies, RunEngine } from "#runtime/engine/index.ts";
import { createPriceOf, modelCallServices, type SpanRecorder } from "#runtime/model-calls/index.ts";
import {
  combinePromptSources,
  promptSource,
  type SummaryServices,
  summaryServices,
  TokenEstimator,
} from "#runtime/prompt/index.ts";
import { agentSource } from "#runtime/runs/index.ts";
import {
  createBuiltinToolSource,
  createRunToolsSource,
  runToolsSource,
  type ToolServices,
  toolSettingsSource,
} from "#runtime/tools/index.ts";
import { blobStore } from "#runtime/transcript/index.ts";
import { createRollUpNudge } from "#runtime/usage/index.ts";

export interface RunEngineOptions {
  readonly config: Config;
  readonly running: RunningConfig;
  readonly home: Home;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly database: Database;
  readonly services: Services;
  readonly spans: SpanRecorder;
  readonly tenants: TenantDirectory;
  readonly env: Environment;
  /** Whether commands can run in a sandbox. */
  readonly sandbox: SandboxState;
  /** Returns the share of workers and waiting places that one tenant may take up now, between 0 and 1. */
  readonly tenantShare: () => number;
}

export interface CreatedEngine {
  readonly engine: RunEngine;
  /** The handlers of the jobs that follow a run. */
  readonly jobs: readonly JobHandler[];
}

/** Creates the run engine with its models, agents and tools. Features use the same ones through `services`. */
export function createRunEngine(options: RunEngineOptions): CreatedEngine {
  const { config, running, home, clock, database, services, env } = options;
  const sources = createSources(options);
  const observers = [
    createSessionTitles(sources, config.sessions.titles),
    createTextForgetter(),
    ...features.flatMap(({ observers: create }) => create?.(services, clock) ?? []),
  ];
  const ends = features.flatMap(({ onRunEnd }) => onRunEnd?.(clock) ?? []);
  const nudge = createRollUpNudge(services.use(jobQueue));
  const observe = createRunEndHook(observers, services.use(jobQueue), clock);
  const dependencies: EngineDependencies = {
    ...sources,
    failpoints: createFailpoints(env),
    blobs: services.use(blobStore),
    imagePreparer: services.use(imagePreparer),
    prompts: combinePromptSources(features.flatMap(({ prompts }) => prompts?.(services) ?? [])),
    runTools: createRunToolsSource({
      sources: [
        createBuiltinToolSource(sources.tools),
        ...features.flatMap(({ tools }) => tools?.(services, clock) ?? []),
      ],
      policy: () => running.live.tools,
      settings: sources.toolSettings,
      deferral: { aboveTools: config.mcp.defer_above_tools, aboveTokens: config.mcp.defer_above_tokens },
    }),
    rights: withBudgets(
      createRunRights({ tenants: options.tenants, agents: services.use(agentDirectory), events: sources.events }),
      { agents: sources.agents, events: sources.events, clock },
    ),
    toolGuard: createToolGuard({ config, home, env, clock }),
    web: services.use(egress).for("web"),
    workspaceOf: (tenantId, agentId, name) => join(home.workspace, tenantId, agentId, name),
    async onRunEnd(queries, ended) {
      for (const onEnd of ends) await onEnd(queries, ended);
      await observe(queries, ended);
      await nudge(queries, ended);
    },
  };
  services
    .provide(toolCallServices, dependencies)
    .provide(promptSource, dependencies.prompts)
    .provide(runToolsSource, dependencies.runTools);
  const engine = new RunEngine(database, services.use(systemDatabase), dependencies, {
    owner: services.use(processName),
    timeoutSeconds: config.runs.timeout_seconds,
    maxAttempts: config.runs.max_attempts,
    maxConcurrent: config.runs.max_concurrent,
    tenantShare: options.tenantShare,
    maxWaiting: config.runs.max_waiting,
    drainSeconds: config.runs.drain_seconds,
  });
  return { engine, jobs: toObserverJobs(observers) };
}

/** Creates what runs need and features may use too. */
function createSources({ config, running, home, services, clock, logger, spans, sandbox, database }: RunEngineOptions) {
  const events = services.use(eventBus);
  const shared = { secretBox: services.use(secretBox), egress: services.use(egress), events };
  const agents = createAgentSource(events);
  const folders = new SkillFolders(home.skills, services.use(blobStore));
  const skills = new SkillLibrary(folders, events);
  const modelCalls = {
    models: createModelSource(shared),
    metrics: services.use(metrics),
    spans,
    priceOf: createPriceOf(() => running.live.models.pricing),
    logger,
    calls: toCallDependencies(config, clock),
  };
  const memory = provideMemory(services, {
    ...modelCalls,
    ...{ agents, clock, database },
    providers: createEmbeddingSource(shared, modelCalls.calls),
  });
  const summaries: SummaryServices = { ...modelCalls, tokens: new TokenEstimator(), notes: memory };
  const looking = {
    services: { ...modelCalls, agents },
    blobs: services.use(blobStore),
    imagePreparer: services.use(imagePreparer),
  };
  const tools = createTools(config, services.use(processes), sandbox, looking);
  const toolSettings = createToolSettingsSource({ ...shared, tools });
  // A changed provider may work again, so its failures no longer count.
  events.subscribe([providerUpdated, providerDeleted], {
    receive: ({ tenantId }) => modelCalls.calls.health.forget(tenantId),
  });
  services
    .provide(agentSource, agents)
    .provide(agentDirectory, createAgentDirectory(events))
    .provide(modelCallServices, modelCalls)
    .provide(summaryServices, summaries)
    .provide(toolRegistry, tools)
    .provide(denyToggles, config.tools.shell_deny_groups)
    .provide(toolSettingsSource, toolSettings)
    .provide(skillFolders, folders)
    .provide(skillLibrary, skills)
    .provide(skillBodyBytes, config.skills.max_upload_size_mb * MIB + LIMITS.skillFormBytes);
  const readOnlyFoldersOf: ToolServices["readOnlyFoldersOf"] = (db, user) => skills.foldersOf(db, user);
  const memoryFilesOf: ToolServices["memoryFilesOf"] = (user) => memory.filesOf(user);
  return { ...summaries, clock, events, agents, tools, toolSettings, readOnlyFoldersOf, memoryFilesOf };
}

const MIB = 1_024 * 1_024;

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
