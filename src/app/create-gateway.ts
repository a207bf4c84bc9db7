import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { createOperations } from "#app/create-operations.ts";
import { createRunEngine } from "#app/create-run-engine.ts";
import { createSweeper } from "#app/create-sweeper.ts";
import { findProvider } from "#app/find-provider.ts";
import { encryptionKeys, gatewayToken } from "#app/gateway-secrets.ts";
import type { Home } from "#app/home.ts";
import { openDatabase } from "#app/open-database.ts";
import { openEgress } from "#app/open-egress.ts";
import { isPrepared, prepareDatabase } from "#app/prepare-database.ts";
import { servesHost } from "#app/serves-host.ts";
import { type Clock, systemClock } from "#base/clock.ts";
import type { Resolve } from "#base/egress/checked-lookup.ts";
import { newId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import { createMetrics } from "#base/metrics.ts";
import { SecretBox } from "#base/secret-box.ts";
import { createApiKeyDirectory } from "#core/api-key-directory.ts";
import { assertOperations } from "#core/assert-operations.ts";
import { createAuthenticate } from "#core/authenticate.ts";
import { createLocalEventBus, eventBus } from "#core/events.ts";
import { processName } from "#core/idempotency.ts";
import { egress, type Lifecycle, lifecycle, metrics, readiness, secretBox } from "#core/platform.ts";
import { createTokenBucketLimiter } from "#core/rate-limiter.ts";
import { Services } from "#core/service.ts";
import { systemDatabase } from "#core/system-database.ts";
import { createTenantDirectory } from "#core/tenant-directory.ts";
import type { Database } from "#db/database.ts";
import { blobStore, createFileBlobStore } from "#runtime/blob-store.ts";
import { runEngine } from "#runtime/run-engine.ts";
import { createSpanRecorder } from "#runtime/span-recorder.ts";
import { createHttpHandler, type HttpHandler } from "#transport/http/create-http-handler.ts";

export interface GatewayOptions {
  readonly config: Config;
  readonly home: Home;
  readonly logger: Logger;
  /** Where a new gateway looks for the keys of a first model provider. */
  readonly env: Environment;
  readonly clock?: Clock;
  /** How host names become addresses; the system's way where it is absent. */
  readonly resolve?: Resolve | undefined;
}

export interface Gateway {
  readonly handler: HttpHandler;
  readonly services: Services;
  readonly database: Database;
  /** Brings the database up to date, takes up what an earlier process left, and begins to work. */
  start(): Promise<void>;
  /** Takes no new work and lets what runs finish, or saves it for the next start. */
  drain(): Promise<void>;
  /** After `drain`, when nobody is answered any more. */
  close(): Promise<void>;
}

/** Builds the whole house from its configuration. Nothing runs before `start`. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, home, logger, env, clock = systemClock } = options;
  const operations = createOperations(config.gateway);
  assertOperations(operations);
  const database = openDatabase(config, home, logger);
  const system = database.system("authentication, leases and schedules come before any tenant");
  const events = createLocalEventBus();
  const state: { state: Lifecycle["state"] } = { state: "starting" };
  const gatewayMetrics = createMetrics();
  const network = openEgress(config, options.resolve);
  const spans = createSpanRecorder(database, logger);

  const services = new Services()
    .provide(systemDatabase, system)
    .provide(eventBus, events)
    .provide(processName, `${home.nodeId}:${newId()}`)
    .provide(secretBox, new SecretBox(encryptionKeys(config, home)))
    .provide(egress, network)
    .provide(metrics, gatewayMetrics)
    .provide(lifecycle, state)
    .provide(blobStore, createFileBlobStore(home.media))
    .provide(readiness, () => database.ping());
  const engine = createRunEngine({ config, home, logger, clock, database, services, spans, env });
  services.provide(runEngine, engine);
  const sweeper = createSweeper(system, clock, logger);

  const authenticate = createAuthenticate(
    {
      gatewayToken: config.gateway.auth === "none" ? undefined : gatewayToken(config, home),
      ownerIds: config.gateway.owner_ids,
      defaultUserId: config.gateway.default_user_id,
    },
    createApiKeyDirectory(system, events, clock),
    createTenantDirectory(system, events),
  );

  const handler = createHttpHandler({
    operations,
    database,
    services,
    authenticate,
    clock,
    logger,
    metrics: gatewayMetrics,
    rates: {
      limiter: createTokenBucketLimiter(config.gateway.rate_limit_rpm, clock),
      scope: config.gateway.rate_limit_scope,
    },
    trustsProxy: config.gateway.trusted_proxies,
    servesHost: servesHost(config),
    allowedOrigins: config.gateway.allowed_origins,
    state: () => state.state,
  });

  return {
    handler,
    services,
    database,
    async start() {
      await database.migrate(clock.now());
      if (!(await isPrepared(services))) await prepareDatabase(services, await findProvider(env, network), clock);
      await engine.start();
      sweeper.start();
      state.state = "ready";
    },
    async drain() {
      state.state = "draining";
      sweeper.stop();
      await engine.stop();
    },
    async close() {
      network.close();
      await spans.stop();
      await database.close();
    },
  };
}
