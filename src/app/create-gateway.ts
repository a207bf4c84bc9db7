import { join } from "node:path";
import type { Config } from "#app/config/schema.ts";
import { createOperations } from "#app/create-operations.ts";
import { encryptionKeys, gatewayToken } from "#app/gateway-secrets.ts";
import type { Home } from "#app/home.ts";
import { servesHost } from "#app/serves-host.ts";
import { type Clock, systemClock } from "#base/clock.ts";
import { createEgress } from "#base/egress/create-egress.ts";
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
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";
import { createHttpHandler, type HttpHandler } from "#transport/http/create-http-handler.ts";

export interface GatewayOptions {
  readonly config: Config;
  readonly home: Home;
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface Gateway {
  readonly handler: HttpHandler;
  readonly services: Services;
  readonly database: Database;
  /** Brings the database up to date and begins to work. */
  start(): Promise<void>;
  /** Takes no new work, lets what runs finish or saves it for the next start, and closes everything. */
  stop(): Promise<void>;
}

/** Builds the whole house from its configuration. Nothing runs before `start`. */
export function createGateway({ config, home, logger, clock = systemClock }: GatewayOptions): Gateway {
  const operations = createOperations(config.gateway);
  assertOperations(operations);
  const database = openDatabase(config, home, logger);
  const system = database.system("authentication, leases and schedules come before any tenant");
  const events = createLocalEventBus();
  const state: { state: Lifecycle["state"] } = { state: "starting" };
  const gatewayMetrics = createMetrics();
  const network = createEgress({
    allowHosts: new Set(config.egress.allow_hosts.map((host) => host.toLowerCase())),
    allowPrivateProviderUrls: config.providers.allow_private_urls,
  });

  const services = new Services()
    .provide(systemDatabase, system)
    .provide(eventBus, events)
    .provide(processName, `${home.nodeId}:${newId()}`)
    .provide(secretBox, new SecretBox(encryptionKeys(config, home)))
    .provide(egress, network)
    .provide(metrics, gatewayMetrics)
    .provide(lifecycle, state)
    .provide(readiness, () => database.ping());

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
    isDraining: () => state.state === "draining",
  });

  return {
    handler,
    services,
    database,
    async start() {
      await database.migrate(clock.now());
      state.state = "ready";
    },
    async stop() {
      state.state = "draining";
      network.close();
      await database.close();
    },
  };
}

function openDatabase({ database }: Config, home: Home, logger: Logger): Database {
  if (!database.url) return openSqlite(join(home.path, "goclaw.db"));
  const onIdleError = (error: Error) => logger.warn({ error }, "an idle database connection was lost");
  return openPostgres({ url: database.url, size: database.pool_size, onIdleError });
}
