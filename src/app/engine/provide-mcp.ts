import { join } from "node:path";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home/home.ts";
import { VERSION } from "#app/version.ts";
import type { Clock } from "#base/clock.ts";
import { eventBus } from "#core/events/events.ts";
import { egress, processes, secretBox } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import {
  McpAccess,
  type McpSettings,
  mcpAccess,
  mcpSettings,
  SHARED_VARIABLES,
  serverStateChanged,
} from "#features/mcp/index.ts";
import { ConnectionPool, mcpConnections } from "#mcp/index.ts";

export interface McpOptions {
  readonly config: Config;
  readonly home: Home;
  readonly env: Environment;
  readonly clock: Clock;
}

/** Provides what features need for MCP servers. Returns the connections, which the gateway closes. */
export function provideMcp(services: Services, { config, home, env, clock }: McpOptions): ConnectionPool {
  const settings: McpSettings = {
    stdio: config.mcp.stdio,
    environment: Object.fromEntries(SHARED_VARIABLES.map((name) => [name, env[name]])),
    directoryOf: (tenantId, serverId) => join(home.path, "mcp", tenantId, serverId),
  };
  const events = services.use(eventBus);
  const pool = new ConnectionPool({
    fetch: services.use(egress).for("provider").fetch,
    processes: { start: (spec) => services.use(processes).start(spec) },
    clock,
    version: VERSION,
    random: Math.random,
    onStateChange: ({ tenantId, serverId: entityId }, { state, error, toolCount: tool_count }) =>
      events.publish(serverStateChanged, { tenantId, entityId, payload: { state, error, tool_count } }),
  });
  const shared = { events, secretBox: services.use(secretBox) };
  services
    .provide(mcpSettings, settings)
    .provide(mcpConnections, pool)
    .provide(mcpAccess, new McpAccess({ ...shared, settings, pool }));
  return pool;
}
