import { join } from "node:path";
import { provideAccess } from "#app/access/provide-access.ts";
import { createConfigStore } from "#app/config/file/create-config-store.ts";
import { RunningConfig } from "#app/config/file/running-config.ts";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { createOperations } from "#app/create-operations.ts";
import { createSweepJob } from "#app/create-sweep-job.ts";
import { openDatabase } from "#app/database/open-database.ts";
import { isPrepared, prepareDatabase } from "#app/database/prepare-database.ts";
import { requireOpenableSecrets } from "#app/database/require-openable-secrets.ts";
import { createExamination } from "#app/doctor/create-examination.ts";
import { createRunEngine } from "#app/engine/create-run-engine.ts";
import { knownSecrets } from "#app/engine/known-secrets.ts";
import { provideChannels } from "#app/engine/provide-channels.ts";
import { provideMcp } from "#app/engine/provide-mcp.ts";
import { TenantCensus, tenantShare } from "#app/engine/tenant-census.ts";
import { features } from "#app/features.ts";
import { findProvider } from "#app/find-provider.ts";
import { encryptionKeys, gatewayToken } from "#app/gateway-secrets.ts";
import { type Home, homeMark } from "#app/home/home.ts";
import { moveWorkspaces } from "#app/home/move-workspaces.ts";
import { isServedHost } from "#app/is-served-host.ts";
import { openEgress } from "#app/open-egress.ts";
import { openSpanExport } from "#app/telemetry/open-span-export.ts";
import { VERSION } from "#app/version.ts";
import { type Clock, systemClock } from "#base/clock.ts";
import type { Resolve } from "#base/egress/checked-lookup.ts";
import { newId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import { ImagePreparer } from "#base/media/image-preparer.ts";
import { createMetrics } from "#base/metrics.ts";
import { createScrubber } from "#base/scrub-credentials.ts";
import { SecretBox } from "#base/secret-box.ts";
import { FileLinks, fileLinks } from "#core/access/file-links.ts";
import { createLiveRights } from "#core/access/live-rights.ts";
import { createKeptAnswers, keptAnswers } from "#core/answers/kept-answers.ts";
import { assertOperations } from "#core/assert-operations.ts";
import { ChangeFeed } from "#core/events/change-feed.ts";
import { eventBus } from "#core/events/events.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";
import { createSharedEventBus } from "#core/events/shared-event-bus.ts";
import { examineRunning } from "#core/findings.ts";
import { callsInProgress, processName } from "#core/idempotency/idempotently.ts";
import { createJobQueue } from "#core/jobs/create-job-queue.ts";
import { jobQueue } from "#core/jobs/job-queue.ts";
import { registerJobMetrics } from "#core/jobs/register-job-metrics.ts";
import { configStore } from "#core/live/config-store.ts";
import { connectionList } from "#core/live/connection-list.ts";
import { EventFeed, eventFeed } from "#core/live/event-feed.ts";
import { type LogFeed, logFeed } from "#core/live/log-feed.ts";
import { LogTap } from "#core/live/log-tap.ts";
import { runFeed } from "#core/live/run-feed.ts";
import { NodeRegistration } from "#core/nodes/node-registration.ts";
import {
  egress,
  gatewayVersion,
  imagePreparer,
  type Lifecycle,
  lifecycle,
  maxMessageChars,
  metrics,
  processes,
  readiness,
  secretBox,
} from "#core/platform.ts";
import { Services } from "#core/service.ts";
import { systemDatabase } from "#core/system-database.ts";
import { UploadFolder, uploadFolder } from "#core/uploads/upload-folder.ts";
import type { Database } from "#db/database.ts";
import { findOwnerWorkspaces } from "#features/agents/index.ts";
import { workspaceRoot } from "#features/files/index.ts";
import { responsesEvents } from "#features/responses/index.ts";
import { createRunFeed } from "#features/runs/index.ts";
import { createTenantDirectory, tenantUserRemoved } from "#features/tenants/index.ts";
import { tracePreviewer } from "#features/traces/trace-previewer.ts";
import { createProcessRunner } from "#processes/create-process-runner.ts";
import type { SandboxState } from "#processes/sandbox/sandbox.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { createPreviewer, createSpanRecorder } from "#runtime/model-calls/index.ts";
import { runStarted } from "#runtime/runs/index.ts";
import { blobStore, createFileBlobStore } from "#runtime/transcript/index.ts";
import { createRollUpJobs } from "#runtime/usage/index.ts";
import { createHttpHandler, type HttpHandler } from "#transport/http/create-http-handler.ts";
import type { PageFiles } from "#transport/http/pages/page-files.ts";
import { createSocketDoor, type SocketDoor } from "#transport/websocket/socket-door.ts";

export interface GatewayOptions {
  readonly config: Config;
  readonly home: Home;
  readonly logger: Logger;
  /** Where a new gateway looks for the keys of a first model provider. */
  readonly env: Environment;
  /** Whether commands can run in a sandbox. */
  readonly sandbox: SandboxState;
  readonly clock?: Clock;
  /** How host names become addresses; the system's way where it is absent. */
  readonly resolve?: Resolve | undefined;
  /** The lines that `logger` writes. */
  readonly log?: LogFeed;
  /** The dashboard, where it is built. */
  readonly pages?: PageFiles | undefined;
}

export interface Gateway {
  readonly handler: HttpHandler;
  readonly sockets: SocketDoor;
  readonly services: Services;
  readonly database: Database;
  /** Migrates the database, takes over what an earlier process left, and begins to work. */
  start(): Promise<void>;
  /** Accepts no new work. Running work finishes, or is saved for the next start. */
  drain(): Promise<void>;
  /** Closes everything. Call it after `drain`, when every request is answered. */
  close(): Promise<void>;
}

/** Builds the gateway from its configuration. Nothing runs before `start`. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, home, logger, env, sandbox, clock = systemClock, log = new LogTap() } = options;
  const operations = createOperations(config.gateway);
  assertOperations(operations);
  const running = new RunningConfig(config, logger);
  const requireEncryptionKeys = async (next: Config) => {
    if (next.encryption.allow_missing_keys) return;
    await requireOpenableSecrets(services, new SecretBox(encryptionKeys(next, home)));
  };
  const database = openDatabase(config, home, logger);
  const system = database.system("authentication, leases and schedules come before any tenant");
  const owner = `${home.nodeId}:${newId()}`;
  const local = createLocalEventBus(logger);
  const events = createSharedEventBus(local, owner);
  const feed = new ChangeFeed({ database, system, events: local, node: owner, logger });
  const state: { state: Lifecycle["state"] } = { state: "starting" };
  const gatewayMetrics = createMetrics();
  const network = openEgress(config, options.resolve);
  const preview = createPreviewer({
    chars: config.telemetry.preview_chars,
    scrubber: createScrubber({ usesPatterns: true, secrets: knownSecrets({ config, home, env }) }),
  });
  const tracing = { chars: config.telemetry.preview_chars, preview };
  const exports = openSpanExport(config, network, logger);
  const spans = createSpanRecorder({ database, logger, preview, previewChars: tracing.chars, exports });

  const node = new NodeRegistration({ system, logger, owner, homeMark: homeMark(home) });
  const jobs = createJobQueue({ database, system, owner, clock, logger });
  registerJobMetrics(gatewayMetrics.registry, jobs);

  const services = new Services()
    .provide(systemDatabase, system)
    .provide(eventBus, events)
    // Where other processes write too, an answer from memory could come after a change that its reader knows of.
    .provide(keptAnswers, createKeptAnswers(database.dialect === "sqlite" ? operations : [], events))
    .provide(processName, owner)
    .provide(callsInProgress, new Set())
    .provide(jobQueue, jobs)
    .provide(secretBox, new SecretBox(encryptionKeys(config, home)))
    .provide(egress, network)
    .provide(metrics, gatewayMetrics)
    .provide(
      processes,
      createProcessRunner({
        sandbox,
        requiresSandbox: config.sandbox.mode === "required",
        allowNetwork: config.sandbox.allow_network,
      }),
    )
    .provide(tracePreviewer, tracing)
    .provide(lifecycle, state)
    .provide(gatewayVersion, VERSION)
    .provide(maxMessageChars, () => running.live.gateway.max_message_chars)
    .provide(configStore, createConfigStore({ home, env, running, requireEncryptionKeys }))
    .provide(imagePreparer, new ImagePreparer())
    .provide(blobStore, createFileBlobStore(home.media))
    .provide(uploadFolder, new UploadFolder(join(home.cache, "uploads")))
    .provide(workspaceRoot, (tenantId) => join(home.workspace, tenantId))
    .provide(fileLinks, new FileLinks(gatewayToken(config, home), clock))
    .provide(responsesEvents, () => running.live.gateway.responses_events)
    .provide(readiness, () => database.requireWrites())
    .provide(examineRunning, createExamination({ config, home, database, sandbox }));
  const mcp = provideMcp(services, { config, home, env, clock });
  const channels = provideChannels(services, { config, running, home, clock, logger, database });
  const tenants = createTenantDirectory(system, events);
  const census = new TenantCensus(system, events, logger);
  const { engine, jobs: engineJobs } = createRunEngine({
    ...{ config, running, home, logger, clock, database, services, spans, env, tenants, sandbox },
    tenantShare: () => tenantShare(config.runs, census),
  });
  services.provide(runEngine, engine);

  const access = provideAccess(services, { config, running, home, clock, database, system, tenants });

  const liveRights = createLiveRights();
  events.subscribe([tenantUserRemoved], {
    receive: ({ tenantId, payload }) => liveRights.revoke(tenantId, payload.user_id),
  });
  const door = {
    liveRights,
    operations,
    database,
    services,
    ...access,
    clock,
    logger,
    metrics: gatewayMetrics,
    trustsProxy: config.gateway.trusted_proxies,
    isServedHost: isServedHost(config),
    allowedOrigins: () => running.live.gateway.allowed_origins,
  };
  const eventKinds = features.flatMap(({ events = [] }) => events);
  const tenantEvents = new EventFeed(owner.slice(owner.indexOf(":") + 1));
  tenantEvents.listen(events, eventKinds);
  const handler = createHttpHandler({ ...door, pages: options.pages });
  const sockets = createSocketDoor(
    {
      ...door,
      methods: features.flatMap(({ methods = [] }) => methods),
      events: eventKinds,
      eventViews: features.flatMap(({ eventViews = [] }) => eventViews),
      runBegan: runStarted,
    },
    { follow: "runs.subscribe", introduce: "devices.introduce" },
  );
  services
    .provide(connectionList, sockets)
    .provide(runFeed, createRunFeed())
    .provide(logFeed, log)
    .provide(eventFeed, tenantEvents);

  return {
    handler,
    sockets,
    services,
    database,
    async start() {
      await database.migrate(clock.now());
      await node.claim();
      await services.use(uploadFolder).clear();
      await feed.start();
      if (!(await isPrepared(services))) await prepareDatabase(services, await findProvider(env, network), clock);
      else await requireEncryptionKeys(config);
      await census.count();
      await moveWorkspaces(home, (tenantId, ids) => findOwnerWorkspaces(database.forTenant(tenantId).read, ids));
      await engine.start();
      await jobs.start([
        ...engineJobs,
        ...features.flatMap(({ jobs: create }) => create?.(services, clock) ?? []),
        ...createRollUpJobs(system),
        createSweepJob({
          database,
          system,
          blobs: services.use(blobStore),
          clock,
          logger,
          retention: config.retention,
          sessionDays: config.sessions.retention_days,
        }),
      ]);
      await channels.start();
      state.state = "ready";
    },
    async drain() {
      state.state = "draining";
      sockets.announceStop();
      tenantEvents.close();
      await channels.stop();
      await engine.stop();
      await jobs.stop();
      await node.release();
      sockets.close();
    },
    async close() {
      await mcp.close();
      // The last spans still leave over the network.
      await spans.stop();
      network.close();
      await feed.stop();
      await database.close();
    },
  };
}
